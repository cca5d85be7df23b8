import type { StartedContainer } from '../../container/started-container';
import { inContainer } from '../../container/container-state';
import { killTreeScript } from '../exec/kill';
import type { CommandProblem } from '../transport';
import { killContainer, killTree, noKiller } from '../exec/kill-exec';
import type { PersistentShell } from './persistent-shell';
import type { ShellPool } from './shell-pool';

/**
 * Kills a shell with its command and everything that the command started: through another shell of root if one is free,
 * which takes a few milliseconds, otherwise by an exec. If there is no room for an exec, kills the whole container.
 *
 * @returns the problem, if the whole container had to be killed
 * @throws ContainerError if the container is not running or was removed
 */
export async function killShell(
  container: StartedContainer,
  shell: PersistentShell,
  pools: Iterable<ShellPool>,
): Promise<CommandProblem | undefined> {
  for (const pool of pools) {
    const helper = pool.acquireFree();
    if (helper === undefined) continue;
    try {
      if (helper.isRoot && (await killThrough(helper, shell.pid))) return undefined;
    } finally {
      pool.release(helper);
    }
  }
  if (await inContainer(container, () => killTree(container.docker, shell.pid))) return undefined;
  return killContainer(container, noKiller);
}

async function killThrough(helper: PersistentShell, pid: number): Promise<boolean> {
  const outcome = await helper.run({
    argv: ['/bin/sh', '-c', killTreeScript, 'sh', String(pid)],
    cwd: '/',
    env: {},
    input: undefined,
    onOutput: () => undefined,
  });
  return typeof outcome === 'object' && 'exitCode' in outcome;
}
