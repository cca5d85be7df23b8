import { IsolationError } from '../errors';
import { openIfAny, type Evidence } from '../evidence';
import { compareFingerprints, formatDifference, type HostDifference } from './compare';
import { currentSnapshot, takeSnapshot, type HostSnapshot } from './snapshot';

/** What the host is compared with. */
export interface HostUnchangedOptions {
  /** How the host was before: what `host.snapshot()` gave. Default: the last `host.watch()`. */
  since?: HostSnapshot;
}

/** Whether the host is as it was, and what differs. */
export interface HostUnchangedReport {
  /** True where nothing differs and everything could be read. */
  unchanged: boolean;
  differences: HostDifference[];
  evidence: Evidence<'watched host paths'>[];
}

/**
 * Compares the host with how it was before.
 *
 * @throws IsolationError `NO_SNAPSHOT` where nothing says how it was
 */
export async function checkHostUnchanged(options: HostUnchangedOptions = {}): Promise<HostUnchangedReport> {
  const before = options.since ?? currentSnapshot();
  if (before === undefined) {
    throw new IsolationError(
      'NO_SNAPSHOT',
      [
        'Nothing says how the host was before. Either of these does:',
        '  beforeAll(() => host.watch());',
        '  const before = await host.snapshot(); … await expect(host).toBeUnchanged({ since: before });',
      ].join('\n'),
    );
  }
  return compareWithNow(before);
}

/** The report on the paths of a snapshot, as they are now. */
export async function compareWithNow(before: HostSnapshot): Promise<HostUnchangedReport> {
  const { differences, unreadable } = compareFingerprints(
    before,
    await takeSnapshot(before.paths, before.options),
  );
  const evidence: Evidence<'watched host paths'> = {
    check: 'watched host paths',
    expected: `${before.paths.join(', ')} as before`,
    how: `${before.entries.size} files and directories of this machine, then and now`,
    ...openIfAny(differences.map(formatDifference), 'as before'),
  };
  const hidden: Evidence<'watched host paths'>[] = unreadable.map(({ path, message }) => ({
    ...evidence,
    status: 'unknown',
    expected: 'to be read',
    found: message,
    how: path,
  }));
  const unchanged = differences.length === 0 && unreadable.length === 0;
  return { unchanged, differences, evidence: [evidence, ...hidden] };
}
