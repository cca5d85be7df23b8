import picomatch from 'picomatch';
import { isBox } from '../../box/box';
import { isChanges, type Changes } from '../../filesystem/changes/change';
import { changesChecks, type ChangesOptions } from '../../filesystem/changes/changes';
import { formatChanges } from '../../filesystem/changes/format';
import type { OptionChecks } from '../../support/options/check-options';
import { InvalidOptionError } from '../../support/errors';
import { givenNames } from './message';
import { firstLines } from '../../support/lines';

/** Options that select the changes that a matcher considers. */
export type ChangesFilter = Pick<ChangesOptions, 'ignore' | 'under'>;

const { ignore, under } = changesChecks;
export const filterChecks = { ignore, under } satisfies OptionChecks<ChangesFilter>;

/**
 * Returns the changes that a matcher was given, or the changes of the container that it was given.
 *
 * @throws InvalidOptionError for any other value
 */
export async function changesOf(received: unknown, options: ChangesFilter = {}): Promise<Changes> {
  if (isBox(received)) return received.changes(options);
  if (!isChanges(received)) {
    throw new InvalidOptionError(
      'The value given to expect()',
      'must be a container that belljar started, or what its changes() or changesDuring() returned',
      received,
    );
  }
  const [option] = givenNames(options);
  if (option === undefined) return received;
  throw new InvalidOptionError(
    option,
    'must be an option of changes() or changesDuring() if expect() gets their list',
    options,
  );
}

/**
 * Makes a function that tells if a path is the pattern itself, or matches the pattern as a glob.
 *
 * @param name the pattern's name in the error message
 * @throws InvalidOptionError for a pattern that is not absolute
 */
export function pathMatcher(name: string, pattern: unknown): (path: string) => boolean {
  if (typeof pattern !== 'string' || !pattern.startsWith('/')) {
    throw new InvalidOptionError(
      name,
      'must be an absolute path, or a glob of such paths as /opt/tool/**',
      pattern,
    );
  }
  const matches = picomatch(pattern, { dot: true });
  return (path) => path === pattern || matches(path);
}

/** Maximum number of paths that a reporter gets. */
export const maxPaths = 500;

/** Returns the paths of changes, for reporters. */
export function pathsOf(changes: Changes): string[] {
  return firstLines(
    changes.map(({ path }) => path),
    maxPaths,
  );
}

/** Maximum number of changes that a message lists. */
const maxChanges = 30;

/** Formats changes as a snapshot does, and cuts a long list. */
export function listChanges(changes: Changes, max: number = maxChanges): string {
  const shown = formatChanges(changes.slice(0, max)).trimEnd();
  const rest = changes.length - max;
  return rest > 0 ? `${shown}\n… and ${rest} more` : shown;
}

/** Counts changes by kind: `3 changes: 2 added, 1 modified`. */
export function countChanges(changes: Changes): string {
  if (changes.length === 0) return 'no changes';
  const kinds = ['added', 'modified', 'deleted', 'rewritten'] as const;
  const counts = kinds
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  return `${changes.length === 1 ? '1 change' : `${changes.length} changes`}: ${counts.join(', ')}`;
}
