import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { IsolationError } from '../errors';
import { openIfAny, type Evidence } from '../evidence';
import { compareFingerprints, formatDifference, type HostDifference } from './compare';
import type { Unreadable } from './fingerprint';
import { currentSnapshot, snapshotCheck, takeSnapshot, type HostSnapshot } from './snapshot';

/** Options of the check that the host is unchanged. */
export interface HostUnchangedOptions {
  /** An earlier state of the host, from `host.snapshot()`. Default: that of the last `host.watch()`. */
  since?: HostSnapshot;
}

const checks = { since: snapshotCheck } satisfies OptionChecks<HostUnchangedOptions>;

/** Tells if the host is unchanged, and lists what differs. */
export interface HostUnchangedReport {
  /** True if nothing differs, and everything could be read that could be read for the snapshot. */
  unchanged: boolean;
  differences: HostDifference[];
  evidence: Evidence<'watched host paths'>[];
}

/**
 * Compares the host with its earlier state.
 *
 * @throws IsolationError `NO_SNAPSHOT` if there is no earlier state to compare with
 * @throws InvalidOptionError for an unknown option, and for a `since` that is not a snapshot
 */
export async function checkHostUnchanged(options: HostUnchangedOptions = {}): Promise<HostUnchangedReport> {
  checkOptions(options, checks);
  const before = options.since ?? currentSnapshot();
  if (before === undefined) {
    throw new IsolationError(
      'NO_SNAPSHOT',
      [
        'There is no earlier snapshot of the host to compare with. Take one before, in one of these ways:',
        '  beforeAll(() => host.watch());',
        '  const before = await host.snapshot(); … await expect(host).toBeUnchanged({ since: before });',
      ].join('\n'),
    );
  }
  return compareWithNow(before);
}

/** Compares the paths of a snapshot with their state now. */
export async function compareWithNow(before: HostSnapshot): Promise<HostUnchangedReport> {
  const after = await takeSnapshot(before.paths, before.options);
  const { differences, unreadable } = compareFingerprints(before, after);
  const evidence: Evidence<'watched host paths'> = {
    check: 'watched host paths',
    expected: `${before.paths.join(', ')} as before`,
    how: `${before.entries.size} files and directories of this machine, then and now`,
    ...openIfAny(differences.map(formatDifference), 'as before'),
  };
  const unwatched = unreadable.filter((one) => wasNeverWatched(one, before, after));
  const hidden: Evidence<'watched host paths'>[] = unreadable
    .filter((one) => !unwatched.includes(one))
    .map(({ path, message }) => ({
      ...evidence,
      status: 'unknown',
      expected: 'to be readable',
      found: message,
      how: path,
    }));
  const noted: Evidence<'watched host paths'>[] = unwatched.map(({ path, message }) => ({
    ...evidence,
    status: 'noted',
    expected: 'to be readable',
    found: `not watched: ${message}`,
    how: path,
  }));
  const unchanged = differences.length === 0 && hidden.length === 0;
  return { unchanged, differences, evidence: [evidence, ...hidden, ...noted] };
}

/**
 * Whether a path below the watched ones can't be read, neither then nor now: a normal user's machine has such
 * directories in /etc. A path that the snapshot was to be of must be readable itself.
 */
function wasNeverWatched({ path }: Unreadable, before: HostSnapshot, after: HostSnapshot): boolean {
  const isIn = ({ unreadable }: HostSnapshot): boolean => unreadable.some((one) => one.path === path);
  return isIn(before) && isIn(after) && !before.paths.includes(path);
}
