import type { StartedContainer } from '../../container/started-container';
import type { CommandExit, CommandRequest } from '../transport';
import { inContainer, requireRunning } from '../../container/container-state';
import { exitState } from '../exec/exec';
import { onAbort } from '../../support/on-abort';
import type { PersistentShell } from './persistent-shell';
import { killShell } from './kill-shell';
import type { Unsupported } from './line';
import type { ShellPool } from './shell-pool';

/**
 * Runs a command in a shell, to its end or until it is stopped.
 *
 * @param pools where a shell is borrowed to kill the command, should it have to be
 * @throws ContainerError where the container is not running or gone
 */
export async function runInShell(
  container: StartedContainer,
  shell: PersistentShell,
  request: CommandRequest,
  pools: Iterable<ShellPool>,
): Promise<CommandExit | Unsupported> {
  const stopping = onAbort(request.stop, () => killShell(container, shell, pools));
  try {
    const outcome = await Promise.race([shell.run(request), stopping.failed]);
    if (outcome === 'lost') {
      return { ...(await explainLoss(container, shell, request, pools)), problem: await stopping.result() };
    }
    if ('broken' in outcome) return await giveUp(container, shell, pools, outcome.broken);
    if ('exitCode' in outcome && outcome.exitCode === 137 && !request.stop.aborted)
      await requireRunning(container);
    return outcome;
  } finally {
    stopping.forget();
    // A shell that is being killed must not get another command.
    if (request.stop.aborted) shell.close();
  }
}

/** A shell that ended while its command ran: both were killed, one way or another. */
async function explainLoss(
  container: StartedContainer,
  shell: PersistentShell,
  { stop }: CommandRequest,
  pools: Iterable<ShellPool>,
): Promise<CommandExit> {
  if (!stop.aborted) {
    await requireRunning(container);
    // A command that killed its shell only would run on unseen.
    await killShell(container, shell, pools);
  }
  const { ExitCode } = await inContainer(container, () => exitState(container, shell.exec));
  return { exitCode: ExitCode ?? undefined };
}

/** A command that can't be heard any more must not run on. */
async function giveUp(
  container: StartedContainer,
  shell: PersistentShell,
  pools: Iterable<ShellPool>,
  error: Error,
): Promise<never> {
  await requireRunning(container);
  await killShell(container, shell, pools);
  throw error;
}
