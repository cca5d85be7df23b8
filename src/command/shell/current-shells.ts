import type { StartedContainer } from '../../container/started-container';
import { openShell, type PersistentShell } from './persistent-shell';

/** How many shells belljar opens, one after another, if each is killed or the user database changes meanwhile. */
const maxAttempts = 3;

/**
 * Opens shells whose user is as the user database has it now. The engine looks a user up before the user's shell runs.
 * If the database has changed since the container started, it may have changed in between too, and the shell itself
 * can't tell. So belljar asks a reference shell: it was open before the engine looked the user up, and sees whether the
 * database has changed since.
 *
 * @returns a function that opens a shell: `none` if no shell can be held open, undefined if none can be trusted for now
 */
export function currentShells(
  container: StartedContainer,
): (user: string | undefined) => Promise<PersistentShell | undefined | 'none'> {
  let reference: PersistentShell | undefined;
  let asking: Promise<unknown> = Promise.resolve();
  /** One question at a time, because a shell runs one command at a time. */
  const confirms = (shell: PersistentShell): Promise<boolean> => {
    const answer = asking.then(() => seesNoChange(shell));
    asking = answer.catch(() => undefined);
    return answer;
  };

  return async (user) => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const before = reference;
      const shell = await openShell(container, user);
      if (shell === 'none') return 'none';
      if (shell === 'killed' || shell === 'outdated') continue;
      if (shell.usersAreSettled || (before !== undefined && (await confirms(before)))) return shell;
      if (reference === before) {
        before?.close();
        reference = shell;
      } else {
        shell.close();
      }
    }
    return undefined;
  };
}

/** Whether a shell sees an unchanged user database: it refuses every command once the database has changed. */
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
