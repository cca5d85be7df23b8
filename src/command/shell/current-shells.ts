import type { StartedContainer } from '../../container/started-container';
import { openShell, type PersistentShell } from './persistent-shell';

/** How many shells are opened, one after another, where each is killed or the user database changes meanwhile. */
const maxAttempts = 3;

/**
 * Opens shells of whose user it is known that they are as the user database has them now. The engine looks a user up
 * before the user's shell runs: where the database has changed since the container started, it may have changed in
 * between too, and the shell itself can't tell. So another shell bears witness, one that was there before the engine
 * looked, and for which the database still is as it was.
 *
 * @returns opens a shell: `none` where none can be held open, undefined where there is none to be trusted for now
 */
export function currentShells(
  container: StartedContainer,
): (user: string | undefined) => Promise<PersistentShell | undefined | 'none'> {
  let witness: PersistentShell | undefined;
  let asking: Promise<unknown> = Promise.resolve();
  /** One question at a time, as one command at a time is all that a shell runs. */
  const vouches = (shell: PersistentShell): Promise<boolean> => {
    const answer = asking.then(() => seesNoChange(shell));
    asking = answer.catch(() => undefined);
    return answer;
  };

  return async (user) => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const before = witness;
      const shell = await openShell(container, user);
      if (shell === 'none') return 'none';
      if (shell === 'killed' || shell === 'outdated') continue;
      if (shell.usersAreSettled || (before !== undefined && (await vouches(before)))) return shell;
      if (witness === before) {
        before?.close();
        witness = shell;
      } else {
        shell.close();
      }
    }
    return undefined;
  };
}

/** A shell declines every command once it sees that the user database has changed. */
async function seesNoChange(shell: PersistentShell): Promise<boolean> {
  if (!shell.usable) return false;
  const outcome = await shell.run({
    argv: ['true'],
    cwd: undefined,
    env: {},
    onOutput: () => undefined,
    input: undefined,
  });
  return typeof outcome === 'object' && 'exitCode' in outcome;
}
