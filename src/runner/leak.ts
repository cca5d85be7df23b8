import { shortId } from '../support/short-id';
import { RunnerError } from './errors';

/** A resource that a test forgot to remove. */
export interface Leak {
  kind: string;
  id: string;
  name: string;
}

/**
 * Returns the error `LEAKED`, which lists leaks and says how to avoid them.
 *
 * @param when as it reads after "still in the engine": `when the tests were over`
 */
export function leakError(leaks: readonly Leak[], when: string): RunnerError {
  const list = leaks.map(({ kind, name, id }) => `  ${kind} ${name} (${shortId(id)})`);
  return new RunnerError(
    'LEAKED',
    [
      `These leaks were still in the engine ${when}. belljar has removed them:`,
      ...list,
      'useContainer() and withContainer() remove their containers by themselves. For startContainer(), write ' +
        '`await using box = await startContainer()`, or call box.remove().',
    ].join('\n'),
  );
}
