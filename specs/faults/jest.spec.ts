import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startContainer, type Box } from '../../src';
import { poll } from '../../src/support/poll';
import { containerExists } from '../../tooling/engine/engine-state';
import { buildForFaults } from '../../tooling/faults/build';
import { killJest, ownedBy, randomMoment, startJest, untilReaped } from '../../tooling/faults/jest-project';

/** `npm run soak -- --kills N` does as many as asked. */
const kills = 3;

jest.setTimeout(120_000);

describe('A run of Jest', () => {
  const build = buildForFaults();
  let neighbor: Box;

  beforeAll(async () => (neighbor = await startContainer({ network: 'neighbor' })));
  afterAll(async () => {
    build[Symbol.dispose]();
    await neighbor.remove();
  });

  it(`leaves nothing when it is killed, at ${kills} random moments, and the run beside it has all it had`, async () => {
    const args = ['one', 'two', '--maxWorkers=2'];
    const before = await ownedBy(process.pid);

    // The first surely has something to leave; chance decides over the others.
    const first = await killJest(build, { since: 'first', milliseconds: 0 }, args);
    for (let count = 1; count < kills; count++) await killJest(build, randomMoment(), args);

    expect(first.had).toBeGreaterThan(0);
    expect(await containerExists(neighbor.id)).toBe(true);
    await expect(neighbor.$`true`).toSucceed();
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

  it('that stops at its first failure leaves nothing', async () => {
    const jest = startJest(build, ['failing', 'two', '--bail', '--runInBand']);

    const [exitCode] = await jest.ended;

    expect(jest.output()).toContain('Test Suites: 1 failed, 1 of 2 total');
    expect(await ownedBy(jest.process.pid)).toEqual([]);
    expect(exitCode).toBe(1);
  });

  it('that is told to exit by force leaves nothing', async () => {
    const jest = startJest(build, ['two', '--forceExit']);

    const [exitCode] = await jest.ended;

    expect(jest.output()).toContain('3 passed, 3 total');
    expect(await ownedBy(jest.process.pid)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('in watch mode leaves nothing between its runs, and none of the last when it is interrupted', async () => {
    const test = join(build.directory, 'watched.spec.js');
    cpSync(join(build.directory, 'two.spec.js'), test);
    const jest = startJest(build, ['watched', '--watchAll']);
    const passes = (count: number): Promise<true> =>
      poll(() => jest.output().split('3 passed, 3 total').length > count, {
        for: `${count} runs`,
        timeout: 60_000,
      });
    await passes(1);
    await poll(async () => (await ownedBy(jest.process.pid)).length === 0, {
      for: 'nothing to be left between runs',
      timeout: 10_000,
    });

    writeFileSync(test, readFileSync(test, 'utf8').replace('sleep 0.3', 'sleep 600'));

    await poll(
      async () => (await ownedBy(jest.process.pid)).some((resource) => resource.startsWith('container')),
      {
        for: 'a second run',
        timeout: 30_000,
      },
    );
    jest.process.kill('SIGINT');
    await jest.ended;
    await untilReaped(build);
    expect(await ownedBy(jest.process.pid)).toEqual([]);
  });

  it('is kept alive by no open handle', async () => {
    const jest = startJest(build, ['two', '--detectOpenHandles']);

    const [exitCode] = await jest.ended;

    expect(jest.output()).not.toMatch(/open handle|did not exit/);
    expect(jest.output()).toContain('3 passed, 3 total');
    expect(exitCode).toBe(0);
  });
});
