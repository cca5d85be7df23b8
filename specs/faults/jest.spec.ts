import { startContainer, type Box } from '../../src';
import { containerExists } from '../support/engine-state';
import { buildForFaults } from './build';
import { killJest, ownedBy, randomMoment, startJest } from './jest-project';

/** `npm run soak -- --kills N` does as many as asked. */
const kills = 3;

jest.setTimeout(120_000);

describe('A run of Jest', () => {
  const build = buildForFaults();
  let neighbour: Box;

  beforeAll(async () => (neighbour = await startContainer({ network: 'neighbour' })));
  afterAll(async () => {
    build[Symbol.dispose]();
    await neighbour.remove();
  });

  it(`leaves nothing when it is killed, at ${kills} random moments, and the run beside it has all it had`, async () => {
    const args = ['one', 'two', '--maxWorkers=2'];
    const before = await ownedBy(process.pid);

    // The first surely has something to leave; chance decides over the others.
    const first = await killJest(build, { since: 'first', milliseconds: 0 }, args);
    for (let count = 1; count < kills; count++) await killJest(build, randomMoment(), args);

    expect(first.had).toBeGreaterThan(0);
    expect(await containerExists(neighbour.id)).toBe(true);
    await expect(neighbour.$`true`).toSucceed();
    expect(await ownedBy(process.pid)).toEqual(before);
  });

  it('fails and leaves nothing when a worker is killed', async () => {
    const jest = startJest(build, ['killed', 'two', '--maxWorkers=2']);

    const [exitCode] = await jest.ended;

    expect(jest.output()).toMatch(/worker process .* was terminated by another process: signal=SIGKILL/);
    expect(jest.output()).toContain('1 failed, 1 passed, 2 total');
    expect(await ownedBy(jest.process.pid)).toEqual([]);
    expect(exitCode).toBe(1);
  });

  it('is kept alive by no open handle', async () => {
    const jest = startJest(build, ['two', '--detectOpenHandles']);

    const [exitCode] = await jest.ended;

    expect(jest.output()).not.toMatch(/open handle|did not exit/);
    expect(jest.output()).toContain('3 passed, 3 total');
    expect(exitCode).toBe(0);
  });
});
