import type { StartedContainer } from '../container/started-container';
import type { Transport, CommandExit, CommandRequest } from './transport';
import { createExecTransport } from './exec/exec';
import { createShellTransport } from './shell/shell-transport';

export interface ChosenTransport extends Transport {
  /** Makes the first command as quick as the next, at the cost of one exec behind the scenes. */
  prepare(): void;
}

/**
 * How long a command waits for a shell while others use them all, in milliseconds. Not for ever: what they run may be
 * waiting for this one.
 */
const acquireTimeoutMs = 200;

/**
 * The channel that each command is carried by: the one that its option `via` names, otherwise a kept shell where one
 * can carry it, and an exec where not. Nothing is opened before the first command.
 */
export function chooseTransport(container: StartedContainer): ChosenTransport {
  const exec = createExecTransport(container);
  const shell = createShellTransport(container);
  const choose = async (request: CommandRequest): Promise<CommandExit> => {
    if (request.via === 'exec') return exec(request);
    const forced = request.via === 'shell';
    const exit = await shell.run(request, forced ? Infinity : acquireTimeoutMs);
    if (!('declined' in exit)) return exit;
    // What a shell could not start is tried by the engine: either it can, or it says best why not.
    return forced && !exit.tried ? notByShell(exit.declined) : exec(request);
  };
  return Object.assign(choose, { prepare: () => shell.prepare() });
}

function notByShell(reason: string): CommandExit {
  const message = `No kept shell can run it, because ${reason}. Without { via: 'shell' }, the engine runs it.`;
  return { exitCode: undefined, problem: { code: 'NOT_BY_SHELL', message } };
}
