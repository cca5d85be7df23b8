import picomatch from 'picomatch';
import { isChanges, type Changes } from '../../filesystem/changes/change';
import { changesChecks, type ChangesOptions } from '../../filesystem/changes/changes';
import { formatChanges } from '../../filesystem/changes/format';
import type { OptionChecks } from '../../support/check-options';
import { InvalidOptionError } from '../../support/errors';
import { givenNames } from './message';
import { firstLines } from '../../support/lines';
import { isBox } from './received-box';

/** Which changes a matcher looks at. */
export type ChangesFilter = Pick<ChangesOptions, 'ignore' | 'under'>;

const { ignore, under } = changesChecks;
export const filterChecks = { ignore, under } satisfies OptionChecks<ChangesFilter>;

/**
 * The changes that a matcher was given, or those of the container that it was given.
 *
 * @throws InvalidOptionError for anything else
 */
export async function changesOf(received: unknown, options: ChangesFilter = {}): Promise<Changes> {
  if (isBox(received)) return received.changes(options);
  if (!isChanges(received)) {
    throw new InvalidOptionError(
      'The value given to expect()',
      'must be a container that belljar started, or what its changes() or changesDuring() gave',
      received,
    );
  }
  const [option] = givenNames(options);
  if (option === undefined) return received;
  throw new InvalidOptionError(
    option,
    'goes to changes() or changesDuring() where expect() gets a list',
    options,
  );
}

/**
 * Whether a path is one that a pattern means: the pattern itself, or what it matches as a glob.
 *
 * @param name what the pattern is called where it can't be used
 * @throws InvalidOptionError for one that is not absolute
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

/** How many paths a reporter is given. */
export const maxPaths = 500;

/** The paths of changes, for reporters. */
export function pathsOf(changes: Changes): string[] {
  return firstLines(
    changes.map(({ path }) => path),
    maxPaths,
  );
}

/** The most changes that a message lists. */
const maxChanges = 30;

/** Changes as a snapshot has them, with an end where there are many. */
export function listChanges(changes: Changes, most: number = maxChanges): string {
  const shown = formatChanges(changes.slice(0, most)).trimEnd();
  const rest = changes.length - most;
  return rest > 0 ? `${shown}\n… and ${rest} more` : shown;
}

/** `3 changes: 2 added, 1 modified`. */
export function countChanges(changes: Changes): string {
  if (changes.length === 0) return 'no changes';
  const kinds = ['added', 'modified', 'deleted', 'rewritten'] as const;
  const counts = kinds
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  return `${changes.length === 1 ? '1 change' : `${changes.length} changes`}: ${counts.join(', ')}`;
}
