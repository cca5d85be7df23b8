import { EngineError } from './errors';

/** A parsed version, such as `20.10.24+dfsg1`, `28.2.0-rc.1` or `20.10`. */
export interface Version {
  major: number;
  minor: number;
  /** 0 if the version does not have one. */
  patch: number;
  /** The pre-release, which comes before the version itself: `rc.1`, `beta3`. An edition such as `ce` is not one. */
  prerelease?: string;
}

/** Numbers, then the pre-release or edition, then the suffix of a distribution. */
const versionPattern = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-~]([0-9a-z.-]+))?(?:\+[0-9a-z.~+-]+)?$/i;

/**
 * Parses a version: `23.0.6`, `20.10.24+dfsg1`, `28.2.0-rc.1`, `18.09.1-ce`, `20.10`.
 *
 * @throws EngineError `VERSION_MALFORMED`; the message says what is wrong
 */
export function parseVersion(text: string): Version {
  const [matched, major, minor, patch = '0', suffix] = versionPattern.exec(text) ?? [];
  if (matched === undefined) throw new EngineError('VERSION_MALFORMED', malformed(text));
  const prerelease = suffix?.replace(/^[ce]e(?:-|$)/i, '');
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    ...(prerelease ? { prerelease } : {}),
  };
}

/**
 * Compares two versions. A pre-release comes before its release; the suffix of a distribution after `+` does not count.
 *
 * @returns negative if the first is older, 0 if they are equal, positive if the first is newer
 * @throws EngineError `VERSION_MALFORMED`
 */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [parseVersion(first), parseVersion(second)];
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a, b);
}

/**
 * Throws if a version is too old.
 *
 * @param version the version that is installed
 * @param minimum the oldest version that is accepted: `20.10`, `23.0.6`
 * @param what the program's name, for the message. Default `Docker`
 * @throws EngineError `VERSION_TOO_OLD`; `VERSION_MALFORMED` if either is not a version
 */
export function requireVersion(version: string, minimum: string, what = 'Docker'): void {
  if (compareVersions(version, minimum) >= 0) return;
  throw new EngineError(
    'VERSION_TOO_OLD',
    `${what} ${version} is too old: ${minimum} or newer is needed. Install a newer version.`,
  );
}

function malformed(text: string): string {
  const example = 'a version looks like 23.0.6, 20.10.24+dfsg1 or 28.2.0-rc.1';
  if (text.trim() === '') return `An empty string is not a version; ${example}.`;
  if (text !== text.trim()) return `${quoted(text)} is not a version: it has spaces around it.`;
  if (/^v?\d+$/i.test(text)) return `${quoted(text)} is not a version: it has no minor number; ${example}.`;
  if (/^v?\d+(\.\d+){3,}/i.test(text))
    return `${quoted(text)} is not a version: it has more than three numbers; ${example}.`;
  return `${quoted(text)} is not a version: ${example}.`;
}

/** As semver does: a version without a pre-release is newer. Parts compare as numbers if both are numbers. */
function comparePrereleases(a: Version, b: Version): number {
  if (a.prerelease === undefined || b.prerelease === undefined) {
    return Number(a.prerelease === undefined) - Number(b.prerelease === undefined);
  }
  const collator = new Intl.Collator('en', { numeric: true });
  return collator.compare(a.prerelease, b.prerelease);
}

/** Returns a string as an error message quotes it, at most 200 characters of it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
