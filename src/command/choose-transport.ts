import type { StartedContainer } from '../container/started-container';
import type { Transport, CommandExit, CommandRequest } from './transport';
import { createExecTransport } from './exec/exec';
import { createShellTransport } from './shell/shell-transport';

export interface ChosenTransport extends Transport {
  /** Opens a shell in the background, so that the first command is as quick as the next. Costs one exec. */
  prepare(): void;
}

/**
 * How long a command waits while other commands use all shells, in milliseconds. Not forever: the other commands may
 * wait for this one.
 */
const acquireTimeoutMs = 200;

/**
 * Creates the transport of a container's commands. It uses the transport that the option `via` names. Otherwise it uses
 * a persistent shell if a shell can run the command, or else an exec. It opens nothing before the first command.
 *
 * @param onFirstUse called once, before the first command that a shell may run
 */
export function chooseTransport(container: StartedContainer, onFirstUse?: () => void): ChosenTransport {
  const exec = createExecTransport(container);
  const shell = createShellTransport(container, onFirstUse);
  const choose = async (request: CommandRequest): Promise<CommandExit> => {
    if (request.via === 'exec' || (request.via === undefined && mayKillItsShell(request)))
      return exec(request);
    const forced = request.via === 'shell';
    const exit = await shell.run(request, forced ? Infinity : acquireTimeoutMs);
    if (!('unsupported' in exit)) return exit;
    // If a shell could not start the command, the engine tries: it can, or its error says best why not.
    return forced && !exit.attempted ? notByShell(exit.unsupported) : exec(request);
  };
  return Object.assign(choose, { prepare: () => shell.prepare() });
}

/**
 * Whether a command has a word that may send a signal to the shell that runs it, as `kill -9 -1` and `kill $PPID` do.
 * By an exec, these do not reach the command's parent.
 */
function mayKillItsShell({ argv }: CommandRequest): boolean {
  return argv.some((argument) => /(?<![\w-])(?:p?kill|killall5?|skill)(?![\w-])/.test(argument));
}

function notByShell(reason: string): CommandExit {
  const message = `No persistent shell can run it, because ${reason}. Without { via: 'shell' }, the engine runs it.`;
  return { exitCode: undefined, problem: { code: 'NOT_BY_SHELL', message } };
}
