import { createQueue } from '../../support/queue';
import type { PersistentShell } from './persistent-shell';

/** The shells of one user in one container. Each is lent to one command at a time. */
export interface ShellPool {
  /**
   * Returns a shell that no other command has, at once if one is free. The caller releases it.
   *
   * @param timeoutMs how long to wait for a shell to become free, in milliseconds
   * @returns undefined if none can be opened, or the timeout is over
   * @throws ContainerError if the container is not running or was removed
   */
  acquire(timeoutMs: number): Promise<PersistentShell | undefined>;
  /** Returns a shell that is free now; undefined if there is none. */
  acquireFree(): PersistentShell | undefined;
  /** Puts a shell back. A shell that can't be used again is replaced in the background. */
  release(shell: PersistentShell): void;
  /** Opens a shell in the background, unless one is free or being opened. */
  prepare(): void;
}

/** More shells don't make a burst of commands quicker: with this many, commands wait for the processors. */
const maxShells = 4;

/**
 * Creates the pool of one user's shells.
 *
 * @param open opens a shell; returns undefined if there can be none
 */
export function createShellPool(open: () => Promise<PersistentShell | undefined>): ShellPool {
  const free: PersistentShell[] = [];
  const lent = new Set<PersistentShell>();
  const queue = createQueue<PersistentShell | undefined>();
  let opening = 0;

  const grow = async (): Promise<void> => {
    opening += 1;
    try {
      const shell = await open();
      opening -= 1;
      if (shell === undefined) queue.serveAll(undefined);
      else offer(shell);
    } catch (error) {
      opening -= 1;
      // If no command waits, the error is dropped: the next command opens a shell again.
      queue.failAll(error);
    }
  };
  const growIf = (needed: boolean): void => {
    if (needed && free.length + lent.size + opening < maxShells) void grow();
  };
  const lend = (shell: PersistentShell): PersistentShell => {
    lent.add(shell);
    return shell;
  };
  const offer = (shell: PersistentShell): void => {
    if (queue.length > 0) queue.serve(lend(shell));
    else free.push(shell);
  };
  const acquireFree = (): PersistentShell | undefined => {
    for (let shell = free.pop(); shell !== undefined; shell = free.pop()) {
      if (shell.usable) return lend(shell);
    }
    return undefined;
  };
  return {
    acquire: (timeoutMs) => {
      const shell = acquireFree();
      if (shell !== undefined) return Promise.resolve(shell);
      const turn = queue.wait(timeoutMs, undefined);
      growIf(opening < queue.length);
      return turn;
    },
    acquireFree,
    release: (shell) => {
      lent.delete(shell);
      if (shell.usable) offer(shell);
      else growIf(queue.length > opening || free.length + opening === 0);
    },
    prepare: () => growIf(free.length + opening === 0),
  };
}
