import type { StartedContainer } from '../../container/started-container';
import type { CommandExit, CommandRequest } from '../transport';
import { inContainer, requireRunning } from '../../container/container-state';
import { exitState } from '../exec/exec-state';
import { onAbort } from '../../support/on-abort';
import type { PersistentShell } from './persistent-shell';
import { hasMembersScript } from '../exec/kill';
import { runKillScript } from '../exec/kill-exec';
import { killShell } from './kill-shell';
import type { Unsupported } from './line';
import type { ShellPool } from './shell-pool';

/**
 * Runs a command in a shell, to its end or until it is stopped.
 *
 * @param pools lend a shell to kill the command, if need be
 * @throws ContainerError if the container is not running or was removed
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
      const exit = await explainLoss(container, shell, request, pools);
      return { ...exit, problem: (await stopping.result()) ?? exit.problem };
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

/**
 * Handles a shell that ended while its command ran: something in the container has killed it, and mostly the command
 * too. The command is never run again.
 */
async function explainLoss(
  container: StartedContainer,
  shell: PersistentShell,
  { stop }: CommandRequest,
  pools: Iterable<ShellPool>,
): Promise<CommandExit> {
  const survives = !stop.aborted && (await outlives(container, shell));
  if (!stop.aborted) {
    // A command that killed only its shell would run on unseen.
    await killShell(container, shell, pools);
  }
  if (survives) return { exitCode: undefined, problem: { code: 'SHELL_KILLED', message: shellKilled } };
  const { ExitCode } = await inContainer(container, () => exitState(container, shell.exec));
  return { exitCode: ExitCode ?? undefined };
}

const shellKilled =
  'The persistent shell that ran the command was killed from inside the container. So the exit code and the rest of the ' +
  "output are unknown, and belljar killed the command. { via: 'exec' } runs it without such a shell.";

/** Whether something of the command goes on without its shell. */
async function outlives(container: StartedContainer, shell: PersistentShell): Promise<boolean> {
  await requireRunning(container);
  const args = [String(shell.pid)];
  return inContainer(
    container,
    async () =>
      (await runKillScript(container.docker, hasMembersScript, args, 'processes to be listed')) === 0,
  );
}

/** Kills a command whose output can't be read any more, and throws. */
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
