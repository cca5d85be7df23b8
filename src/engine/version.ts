import { EngineError } from './errors';

/** A version taken apart: `20.10.24+dfsg1`, `28.2.0-rc.1`, `20.10`. */
export interface Version {
  major: number;
  minor: number;
  /** 0 where the text has none. */
  patch: number;
  /** What makes it come before the version itself: `rc.1`, `beta3`. An edition such as `ce` is none. */
  prerelease?: string;
}

/** Numbers, then what comes before a release, then what a distribution or edition adds. */
const versionPattern = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-~]([0-9a-z.-]+))?(?:\+[0-9a-z.~+-]+)?$/i;

/**
 * Takes a version apart: `23.0.6`, `20.10.24+dfsg1`, `28.2.0-rc.1`, `18.09.1-ce`, `20.10`.
 *
 * @throws EngineError `VERSION_MALFORMED`, saying what is wrong
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
 * Which of two versions is newer: negative where the first is older, 0 where they are equal, positive where the first
 * is newer. A pre-release comes before its release; what a distribution adds after `+` does not count.
 *
 * @throws EngineError `VERSION_MALFORMED`
 */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [parseVersion(first), parseVersion(second)];
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a, b);
}

/**
 * Refuses a version that is too old.
 *
 * @param version what there is
 * @param minimum the oldest that will do: `20.10`, `23.0.6`
 * @param what whose version it is, for the message. Default `Docker`
 * @throws EngineError `VERSION_TOO_OLD`; `VERSION_MALFORMED` where either is no version
 */
export function requireVersion(version: string, minimum: string, what = 'Docker'): void {
  if (compareVersions(version, minimum) >= 0) return;
  throw new EngineError(
    'VERSION_TOO_OLD',
    `${what} ${version} is too old: ${minimum} or newer is needed. Update it, or use another.`,
  );
}

function malformed(text: string): string {
  const example = 'a version looks like 23.0.6, 20.10.24+dfsg1 or 28.2.0-rc.1';
  if (text.trim() === '') return `An empty text is no version; ${example}.`;
  if (text !== text.trim()) return `${quoted(text)} is no version: it has spaces around it.`;
  if (/^v?\d+$/i.test(text)) return `${quoted(text)} is no version: it has no minor number; ${example}.`;
  if (/^v?\d+(\.\d+){3,}/i.test(text))
    return `${quoted(text)} is no version: it has more than three numbers; ${example}.`;
  return `${quoted(text)} is no version: ${example}.`;
}

/** As semver does: without a pre-release is newer; parts by number where both are numbers, else by their text. */
function comparePrereleases(a: Version, b: Version): number {
  if (a.prerelease === undefined || b.prerelease === undefined) {
    return Number(a.prerelease === undefined) - Number(b.prerelease === undefined);
  }
  const collator = new Intl.Collator('en', { numeric: true });
  return collator.compare(a.prerelease, b.prerelease);
}

/** A text as an error message quotes it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
