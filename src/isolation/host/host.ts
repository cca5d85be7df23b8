import { $ } from 'execa';
import { brand, isOfKind } from '../../support/brand';
import { compareFingerprints, type HostComparison } from './compare';
import { fingerprintHost, type FingerprintOptions, type HostFingerprint } from './fingerprint';
import { takeSnapshot, unwatchHost, watchHost, type HostSnapshot } from './snapshot';

/** The machine that the tests run on. */
export interface Host {
  /** Runs commands on the host: execa's own `$`. */
  readonly $: typeof $;
  readonly files: HostFiles;
  /**
   * Records the state of files of the host, to compare with later. Files are not read: the kernel's time of change
   * tells if a file was written to, and no program can set the time back. With `content: true` belljar also reads the
   * files, and a difference says if the content is different.
   *
   * @param paths absolute paths. Default: `/boot`, `/etc`, `/usr/bin`, `/usr/local`, `/usr/sbin`, `/var/spool/cron` and
   * the start-up files of this user's shell, git, npm and ssh
   * @throws InvalidOptionError for a relative path, or an empty list
   * @throws IsolationError `TOO_MUCH` beyond a limit
   */
  snapshot(paths?: string | readonly string[], options?: FingerprintOptions): Promise<HostSnapshot>;
  /**
   * Takes a snapshot and keeps it. `expect(host).toBeUnchanged()` and `toBeIsolatedFromHost()` compare with it if they
   * are given no other. Call it in a `beforeAll`, once a file. The latest snapshot counts.
   *
   * @throws InvalidOptionError for a relative path, or an empty list
   * @throws IsolationError `TOO_MUCH` beyond a limit
   */
  watch(paths?: string | readonly string[], options?: FingerprintOptions): Promise<HostSnapshot>;
  /** Drops the snapshot that `watch()` keeps. */
  unwatch(): void;
}

/** The files of the machine that the tests run on. */
export interface HostFiles {
  /**
   * Returns the fingerprint of files and whole directories of this machine. belljar follows no symbolic links, enters
   * no other file systems, and opens no devices or pipes.
   *
   * @param paths absolute paths; a path that is not there is an entry of type `missing`
   * @throws InvalidOptionError for a relative path, or an empty list
   * @throws IsolationError `TOO_MUCH` beyond a limit
   */
  fingerprint(paths: string | readonly string[], options?: FingerprintOptions): Promise<HostFingerprint>;
  /**
   * Returns what differs between two fingerprints of the same paths. Contents are compared if both fingerprints have
   * them, and so are times of change.
   *
   * @throws InvalidOptionError if the fingerprints are of different paths
   */
  compare(before: HostFingerprint, after: HostFingerprint): HostComparison;
}

/** The machine that the tests run on. */
export const host: Host = brand(
  {
    $,
    files: { fingerprint: fingerprintHost, compare: compareFingerprints },
    snapshot: takeSnapshot,
    watch: watchHost,
    unwatch: unwatchHost,
  },
  'host',
);

/** Returns whether something is `host`. */
export function isHost(value: unknown): value is Host {
  return isOfKind(value, 'host');
}
