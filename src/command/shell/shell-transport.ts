import type { StartedContainer } from '../../container/started-container';
import type { CommandExit, CommandRequest } from '../transport';
import { requireRunning } from '../../container/container-state';
import type { PersistentShell } from './persistent-shell';
import { currentShells } from './current-shells';
import { runInShell } from './run-in-shell';
import { usesUpShell, type Unsupported } from './line';
import { watchPauses, type PauseWatch } from './pauses';
import { createShellPool, type ShellPool } from './shell-pool';

/** The transport that runs commands through persistent shells in one container. The shells end with the container. */
export interface ShellTransport {
  /**
   * Runs a command as an exec would. If it returns `Unsupported`, nothing of the command was done.
   *
   * @param timeoutMs how long to wait while other commands use all shells, in milliseconds
   * @throws ContainerError if the container is not running or was removed
   */
  run(request: CommandRequest, timeoutMs: number): Promise<CommandExit | Unsupported>;
  /**
   * Opens a shell for the container's own user in the background, so that the first command is as quick as the next.
   */
  prepare(): void;
}

/**
 * Creates the transport of persistent shells.
 *
 * A shell that is the container's process 1, reached by attach, would answer in 0.9 instead of 1.2 ms and cost no exec
 * to open. But it can't be exchanged for another when something still holds its pipes, it has one user, what commands
 * print would be in the container's log, and process 1 would not be what the container's options say. So shells are
 * opened by exec: the first by the first command, another whenever one is used up.
 *
 * What differs from an exec, beside the time:
 * - a command's parent is the shell (with exec: process 0), and it is in the shell's session and process group, not
 *   the leader of its own; its process ids are others, and the shells are in the container's process list;
 * - the order of the variables in its environment;
 * - output that a background process prints after the command's end is not waited for (the engine waits up to 2 s, in
 *   which `onLateOutput` gets it);
 * - a command that is given after the container was paused, but before the engine's event of it has arrived, waits
 *   until the container is unpaused (with exec: an error);
 * - in `/bin`, `/sbin`, `/usr/bin` and `/usr/sbin`, an executable file without `#!` or a binary's header runs as a
 *   script (with exec: `exec format error`).
 *
 * @param onFirstUse called once, when the first command, or `prepare()`, asks for a shell
 */
export function createShellTransport(container: StartedContainer, onFirstUse?: () => void): ShellTransport {
  const pools = new Map<string | undefined, ShellPool>();
  let watching: Promise<PauseWatch> | undefined;
  let watch: PauseWatch | undefined;
  let available = true;

  const openCurrent = currentShells(container);
  const open = async (user: string | undefined): Promise<PersistentShell | undefined> => {
    watching ??= watchPauses(container);
    watch = await watching;
    const shell = await openCurrent(user);
    if (shell !== 'none') return shell;
    await requireRunning(container);
    if (user === undefined) available = false;
    return undefined;
  };
  const poolOf = (user: string | undefined): ShellPool => {
    const known = pools.get(user);
    if (known !== undefined) return known;
    if (pools.size === 0) onFirstUse?.();
    const pool = createShellPool(() => open(user));
    pools.set(user, pool);
    return pool;
  };
  const run = async (request: CommandRequest, timeoutMs: number): Promise<CommandExit | Unsupported> => {
    container.removal.throwIfAborted();
    if (!available) return { unsupported: 'the container has no shell that can be held open' };
    if (watch?.paused === true) return { unsupported: 'the container is paused' };
    const pool = poolOf(request.user);
    const shell = await pool.acquire(timeoutMs);
    // If a user's shell can't be opened, the engine's error says best why.
    if (shell === undefined)
      return { unsupported: 'no shell was free, or could be opened', attempted: request.user !== undefined };
    if (usesUpShell(request)) pool.prepare();
    try {
      return await runInShell(container, shell, request, pools.values());
    } finally {
      pool.release(shell);
    }
  };
  return { run, prepare: () => poolOf(undefined).prepare() };
}
