import { createQueue } from '../../support/queue';
import type { PersistentShell } from './persistent-shell';

/** The shells of one user in one container. Each is lent to one command at a time. */
export interface ShellPool {
  /**
   * A shell that nobody else has, at once where one is free. Whoever takes it gives it back.
   *
   * @param patience how long to wait at most for one to become free, in milliseconds
   * @returns undefined where none can be opened, or the patience is over
   * @throws ContainerError where the container is not running or gone
   */
  take(patience: number): Promise<PersistentShell | undefined>;
  /** A shell that is free now. */
  takeFree(): PersistentShell | undefined;
  /** Takes a shell back; one that can't be used again is replaced ahead of need. */
  give(shell: PersistentShell): void;
  /** Opens a shell ahead of need, unless one is free or on its way. */
  prepare(): void;
}

/** More at once don't make a burst of commands quicker: by then it is the processors that commands wait for. */
const maxShells = 4;

/** @param open opens a shell; undefined where none can be had */
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
      // One that was opened ahead of need is nobody's loss: whoever comes next asks again.
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
  const takeFree = (): PersistentShell | undefined => {
    for (let shell = free.pop(); shell !== undefined; shell = free.pop()) {
      if (shell.usable) return lend(shell);
    }
    return undefined;
  };
  return {
    take: (patience) => {
      const shell = takeFree();
      if (shell !== undefined) return Promise.resolve(shell);
      const turn = queue.wait(patience, undefined);
      growIf(opening < queue.length);
      return turn;
    },
    takeFree,
    give: (shell) => {
      lent.delete(shell);
      if (shell.usable) offer(shell);
      else growIf(queue.length > opening || free.length + opening === 0);
    },
    prepare: () => growIf(free.length + opening === 0),
  };
}
