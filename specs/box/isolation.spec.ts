import { InvalidOptionError, IsolationError, startContainer, useContainer } from '../../src';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('box.isolation()', () => {
  const box = useContainer({ scope: 'file', network: 'none' });

  it('gives the evidence of what gets through to the host', async () => {
    const report = await box.isolation();

    expect(report.isolated).toBe(true);
    expect(report.evidence.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['bind mounts', 'mount table', 'files of the host']),
    );
    expect(report.evidence.filter(({ status }) => status === 'open' || status === 'unknown')).toEqual([]);
  });

  it('rests on the ways that are named', async () => {
    const posture = await box.isolation({ by: ['posture'] });
    const all = await box.isolation();

    expect(posture.isolated).toBe(true);
    expect(posture.evidence.length).toBeLessThan(all.evidence.length);
  });

  it('gives the evidence of what gets through between two containers', async () => {
    await using other = await startContainer({ network: 'none' });

    const report = await box.isolation(other);

    expect(report.isolated).toBe(true);
    expect(report.evidence.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['volumes and mounts', 'processes', 'connections']),
    );
  });

  it('does not judge: what is open is in the evidence', async () => {
    await using one = await startContainer();
    await using other = await startContainer();

    const open = await one.isolation(other);
    const shared = await one.isolation(other, { network: 'shared' });

    expect(open.isolated).toBe(false);
    expect(open.evidence.find(({ check }) => check === 'connections')).toMatchObject({ status: 'open' });
    expect(shared.isolated).toBe(true);
  });

  it('refuses the container itself', async () => {
    const error = await rejectionOf(box.isolation(box), IsolationError);

    expect(error.code).toBe('SAME_CONTAINER');
  });

  it('refuses a mistyped option beside another container', async () => {
    await using other = await startContainer({ network: 'none' });

    const error = await rejectionOf(box.isolation(other, { net: 'sealed' } as object), InvalidOptionError);

    expect(error.message).toMatch(/^net is not an option\. The options are network, allow\.$/);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a copy of a container',
      { id: '1', run: () => undefined },
      /^id is not an option\. The options are by, allow, since\.$/,
    ],
    ['a mistyped option', { bye: ['posture'] }, /^bye is not an option\. Did you mean by\?/],
    ['a way that there is not', { by: ['magic'] }, /^by must be one or more of posture, kernel, behavior/],
    ['a name', 'another', /^The other container must be one that belljar started; got 'another'/],
    ['nothing', null, /^The other container must be/],
  ])('refuses %s', async (_, given, message) => {
    const error = await rejectionOf(box.isolation(given as object), InvalidOptionError);

    expect(error.message).toMatch(message);
  });
});
