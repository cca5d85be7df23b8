import { closeSync, constants, readFileSync } from 'node:fs';
import type { StartedContainer } from '../../container/started-container';
import { openAt } from './descriptors';

/** A container's files as this machine's kernel shows them. */
export interface RootView {
  /**
   * Calls `act` with the container's root directory, which is held open meanwhile.
   *
   * @param act receives the directory's descriptor; returns undefined for what it leaves to commands
   * @returns what `act` returns; undefined if this process can't see the files: the engine runs on another machine or
   * shifts user ids, this process is not root, or the container does not run
   */
  use<Value>(act: (root: number) => Value | undefined): Promise<Value | undefined>;
}

/**
 * Creates a view of a container's files through `/proc/<pid>/root` of its process 1 (proc(5)): mounts and all, just as
 * the container sees them, without a process in it and without its tools.
 */
export function rootView(container: Pick<StartedContainer, 'id' | 'docker' | 'removal'>): RootView {
  let pid = 0;
  let isHidden = process.platform !== 'linux' || process.getuid?.() !== 0;
  const openAgain = async (): Promise<number | undefined> => {
    pid = await runningPid(container);
    if (pid === 0) return undefined;
    const root = openRoot(pid, container.id);
    isHidden = root === undefined;
    return root;
  };
  return {
    async use(act) {
      container.removal.throwIfAborted();
      if (isHidden) return undefined;
      const root = openRoot(pid, container.id) ?? (await openAgain());
      if (root === undefined) return undefined;
      try {
        return act(root);
      } finally {
        closeSync(root);
      }
    },
  };
}

/** A view that sees nothing: everything is left to commands. */
export const noView: RootView = { use: () => Promise.resolve(undefined) };

/** Returns the engine's process id of the container's process 1; 0 if there is none. */
async function runningPid({
  docker,
  removal,
}: Pick<StartedContainer, 'docker' | 'removal'>): Promise<number> {
  try {
    const { State } = await docker.inspect({ abortSignal: removal });
    return State.Running ? State.Pid : 0;
  } catch {
    // The command that runs instead tells why the container can't be inspected.
    return 0;
  }
}

function openRoot(pid: number, id: string): number | undefined {
  if (pid === 0) return undefined;
  try {
    const root = openAt(`/proc/${pid}/root`, constants.O_DIRECTORY);
    // Checked once the directory is held: an ended process's id may be another's by now.
    if (isOfContainer(pid, id)) return root;
    closeSync(root);
  } catch {
    // The process has ended, or this process may not see it.
  }
  return undefined;
}

/** Whether a process is in the container's control group, and its user ids are this machine's. */
function isOfContainer(pid: number, id: string): boolean {
  const isInside = readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(id);
  return isInside && /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync(`/proc/${pid}/uid_map`, 'latin1'));
}
