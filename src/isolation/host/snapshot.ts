import { homedir } from 'node:os';
import { join } from 'node:path';
import { fingerprintHost, type FingerprintOptions, type HostFingerprint } from './fingerprint';

/** How files of the host are at one moment: a fingerprint that knows when each was last changed. */
export type HostSnapshot = HostFingerprint;

/**
 * What is watched where a spec names no paths: where an installer that got out would write. Settings, programs that
 * everyone runs, scheduled jobs, and what a shell or ssh of this user reads first.
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
 * Notes how files of the host are now, to compare with later. Files are not read: the kernel's time of change, which no
 * program can set back, tells whether one was written to. With `content: true` they are read as well, and a difference
 * says whether the content is another.
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
 * Takes a snapshot and keeps it as what `expect(host).toBeUnchanged()` and `toBeIsolatedFromHost()` compare with where
 * they are given none. In a `beforeAll`, once a file; the latest counts.
 */
export async function watchHost(
  paths?: string | readonly string[],
  options?: FingerprintOptions,
): Promise<HostSnapshot> {
  current = await takeSnapshot(paths, options);
  return current;
}

/** Keeps no snapshot any more. */
export function unwatchHost(): void {
  current = undefined;
}

/** What `watchHost` kept. */
export function currentSnapshot(): HostSnapshot | undefined {
  return current;
}
