import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import { labelsOf, runOf } from '../../src/ownership/labels';
import { machineIdentity } from '../../src/ownership/machine-identity';
import { identify } from '../../src/support/process-identity';
import { currentRun, isOwnedHere, ownerState } from '../../src/ownership/run';
import { poll } from '../../src/support/poll';
import { firstOutput } from '../../tooling/machine/first-output';
import { itAsRoot } from '../../tooling/spec-helpers/modes';

describe('A run of belljar', () => {
  it('is the same for everything in a process, and for its children through the environment', () => {
    const run = currentRun();

    expect(currentRun()).toEqual(run);
    expect(process.env.BELLJAR_RUN).toContain(run.id);
  });

  it('is read back from the labels of what it owns', () => {
    const run = currentRun();

    expect(runOf(labelsOf(run))).toEqual(run);
    expect(runOf({ app: 'somebody else’s' })).toBeUndefined();
  });

  it('is owned by one process, not by another of its number', () => {
    const own = { ...currentRun(), pid: process.pid, pidStart: startOf(process.pid) };

    expect(isOwnedHere(own)).toBe(true);
    expect(isOwnedHere({ ...own, pidStart: '1' })).toBe(false);
    expect(isOwnedHere({ ...own, pidNamespace: '1' })).toBe(false);
  });

  it('does not tell the id of its machine, which is to be kept from others', () => {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();

    expect(machineIdentity().machine).toMatch(/^[0-9a-f]{16}$/);
    expect(id).not.toContain(machineIdentity().machine);
  });
});

describe('The owner of a run', () => {
  const run = currentRun();
  const noSuchProcess = 2 ** 22 + 1;

  it('is alive as long as its process', () => {
    expect(ownerState(run)).toBe('alive');
  });

  it.each([
    ['whose number another process has now', { pidStart: '1' }],
    ['whose number no process has', { pid: noSuchProcess }],
    ['of this machine before its last start', { bootId: 'earlier' }],
  ])('is dead: one %s', (_, difference) => {
    expect(ownerState({ ...run, ...difference })).toBe('dead');
  });

  it.each([
    ['of another machine', { bootId: 'another', machine: 'another' }],
    ['of an earlier start of a machine that has no id', { bootId: 'earlier', machine: '' }],
    [
      'in another pid namespace, where its number means something else',
      { pid: noSuchProcess, pidNamespace: '1' },
    ],
    ['that does not say its pid namespace', { pid: noSuchProcess, pidNamespace: '' }],
    ['that does not say its boot', { pid: noSuchProcess, bootId: '' }],
    ['whose number is none', { pid: Number.NaN }],
  ])('is never taken for dead: one %s', (_, difference) => {
    expect(ownerState({ ...run, ...difference })).toBe('unknown');
  });

  it('is dead once it was killed, though its parent has not collected it yet', async () => {
    // A shell that waits for nobody: its child stays a zombie.
    const parent = spawn('sh', ['-c', 'sleep 100 & echo $!; exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(await firstOutput(parent));
    const owner = { ...run, pid, pidStart: startOf(pid) };
    expect(ownerState(owner)).toBe('alive');

    process.kill(pid, 'SIGKILL');

    await poll(() => ownerState(owner) === 'dead', { for: 'the owner to be dead', timeout: 5000 });
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });

  itAsRoot(
    'is not taken for dead by a process in another pid namespace, where its number means nothing',
    async () => {
      const script = `
      const { currentRun, ownerState } = require(${JSON.stringify(require.resolve('../../src/ownership/run'))});
      console.log(ownerState(currentRun()));`;
      const node = ['-r', 'ts-node/register/transpile-only', '-e', script];

      const { stdout } = await execa('unshare', [
        '--pid',
        '--fork',
        '--mount-proc',
        process.execPath,
        ...node,
      ]);

      expect(stdout).toBe('unknown');
    },
  );
});

function startOf(pid: number): string {
  return identify(pid)?.startTime ?? '';
}
