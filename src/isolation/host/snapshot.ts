import { homedir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../support/options/option-checks';
import { fingerprintHost, type FingerprintOptions, type HostFingerprint } from './fingerprint';

/** The state of files of the host at one moment: a fingerprint with the time of each file's last change. */
export type HostSnapshot = HostFingerprint;

export const snapshotCheck = must(
  'must be what host.snapshot() returned',
  (value) => typeof value === 'object' && value !== null && 'digest' in value && 'entries' in value,
);

/**
 * The watched paths if a test names no paths: the places where an installer that got out would write. They hold
 * settings, programs for all users, scheduled jobs, and the start-up files of this user's shell, git, npm and ssh.
 */
const watchedByDefault: readonly string[] = [
  '/boot',
  '/etc',
  '/usr/bin',
  '/usr/local',
  '/usr/sbin',
  '/var/spool/cron',
  ...['.bash_profile', '.bashrc', '.gitconfig', '.npmrc', '.profile', '.ssh', '.zshrc'].map((name) =>
    join(homedir(), name),
  ),
];

let current: HostSnapshot | undefined;

/**
 * Records the state of files of the host, to compare with later. Files are not read: the kernel's time of change
 * tells if a file was written to, and no program can set the time back. With `content: true` belljar also reads the
 * files, and a difference says if the content is different.
 *
 * @param paths absolute paths. Default: `/boot`, `/etc`, `/usr/bin`, `/usr/local`, `/usr/sbin`, `/var/spool/cron` and
 * the start-up files of this user's shell, git, npm and ssh
 * @throws InvalidOptionError, IsolationError as `host.files.fingerprint` does
 */
export function takeSnapshot(
  paths: string | readonly string[] = watchedByDefault,
  options: FingerprintOptions = {},
): Promise<HostSnapshot> {
  return fingerprintHost(paths, { content: false, ...options });
}

/**
 * Takes a snapshot and keeps it. `expect(host).toBeUnchanged()` and `toBeIsolatedFromHost()` compare with it if they
 * are given no other. The latest snapshot counts.
 */
export async function watchHost(
  paths?: string | readonly string[],
  options?: FingerprintOptions,
): Promise<HostSnapshot> {
  current = await takeSnapshot(paths, options);
  return current;
}

/** Drops the snapshot that `watchHost` keeps. */
export function unwatchHost(): void {
  current = undefined;
}

/** Returns the snapshot that `watchHost` keeps. */
export function currentSnapshot(): HostSnapshot | undefined {
  return current;
}
