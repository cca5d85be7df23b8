import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useContainer, withContainer } from '../../src';
import { poll } from '../../src/support/poll';
import { containerExists, networksLabelled } from '../../tooling/engine/engine-state';
import { runJest } from '../../tooling/spec-helpers/run-jest';

/** Some tests run a whole Jest: seconds by itself, more beside other specs. */
jest.setTimeout(180_000);

describe('useContainer()', () => {
  const box = useContainer();
  const seen: string[] = [];

  it.each(['first', 'second'])('gives every test a container that nothing has touched: %s', async () => {
    expect(seen).not.toContain(box.id);
    await expect(box.$`ls /touched`).not.toSucceed();
    seen.push(box.id);
    await box.$`touch /touched`;
  });

  it('removes the containers of the tests before, behind the test that runs', async () => {
    expect(seen).toHaveLength(2);
    await poll(async () => !(await Promise.all(seen.map(containerExists))).includes(true), {
      for: 'the containers of the tests before to be gone',
      timeout: 10_000,
    });
  });

  afterEach(async () => {
    await expect(box.$`true`).toSucceed();
  });
});

describe('useContainer() with scope: file', () => {
  const box = useContainer({ scope: 'file' });

  it('starts one container', async () => {
    await box.$`touch /touched`;
  });

  it('which all tests share', async () => {
    await expect(box.$`ls /touched`).toSucceed();
  });
});

describe('withContainer()', () => {
  it.concurrent.each(['one', 'two', 'three'])('gives concurrent tests a container each: %s', (name) =>
    withContainer(async (box) => {
      await box.$`mkdir /mine`;
      await box.$`touch /mine/${name}`;
      await expect(box.$`ls /mine`).toPrint(new RegExp(`^${name}$`));
    }),
  );
});

describe('A run of Jest', () => {
  it('leaves no container and no network, whether its tests pass, fail, throw or time out', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'belljar-spec-'));
    const notes = join(directory, 'containers');

    const { states } = await runJest('life', { NOTES: notes });

    expect(states).toEqual({
      passes: 'passed',
      'finds nothing of the test before': 'passed',
      fails: 'failed',
      throws: 'failed',
      'times out': 'failed',
      'fails with all of them': 'failed',
      'leaves a file': 'passed',
      'finds it': 'passed',
    });
    const lines = (await readFile(notes, 'utf8')).trim().split('\n');
    const ids = lines.filter((line) => !line.startsWith('network '));
    const [network = ''] = lines.filter((line) => line.startsWith('network belljar-'));
    await rm(directory, { recursive: true });
    expect(new Set(ids).size).toBe(9);
    expect(network).not.toBe('');
    expect(await networksLabelled('belljar.network')).not.toContain(network.replace('network ', ''));
    expect(await Promise.all(ids.map(containerExists))).toEqual(ids.map(() => false));
  });

  it('says so if a container is used outside a test', async () => {
    const { states } = await runJest('misuse');

    expect(new Set(Object.values(states))).toEqual(new Set(['passed']));
  });

  it('fails the tests whose container can not start, with the reason', async () => {
    const { exitCode, failures } = await runJest('no-image');

    expect(exitCode).toBe(1);
    expect(failures['fails its test']).toContain('ImageReferenceError');
  });
});
