import { InvalidOptionError } from '../../support/errors';
import type { HostEntry, HostFingerprint, Unreadable } from './fingerprint';

/** A difference of one path of the host between two fingerprints. */
export interface HostDifference {
  path: string;
  kind: 'added' | 'removed' | 'modified';
  /** The earlier and the later value, one line each: `mode 0644 → 0600`. */
  details: string[];
}

/** The comparison of two fingerprints of the same paths of the host. */
export interface HostComparison {
  /** Sorted by path. */
  differences: HostDifference[];
  /** Paths that could not be read for one of the fingerprints, so that nothing is known about them. */
  unreadable: Unreadable[];
}

/**
 * Compares two fingerprints of the same paths. Contents, and times of change, are compared if both fingerprints have
 * them.
 *
 * @throws InvalidOptionError if the fingerprints are of different paths
 */
export function compareFingerprints(before: HostFingerprint, after: HostFingerprint): HostComparison {
  if (before.paths.join('\0') !== after.paths.join('\0')) {
    throw new InvalidOptionError(
      'paths',
      `must be the same in both fingerprints: ${before.paths.join(', ')}`,
      after.paths,
    );
  }
  const paths = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort();
  const differences = paths.flatMap((path) =>
    compareEntries(path, before.entries.get(path), after.entries.get(path)),
  );
  const unreadable = [...before.unreadable, ...after.unreadable];
  const byPath = new Map(unreadable.map((one) => [one.path, one]));
  return { differences, unreadable: [...byPath.values()] };
}

/** Formats a difference for people: `modified /etc/hosts: mode 0644 → 0600, content`. */
export function formatDifference({ path, kind, details }: HostDifference): string {
  return `${kind.padEnd(8)} ${path}${details.length === 0 ? '' : `: ${details.join(', ')}`}`;
}

function compareEntries(
  path: string,
  before: HostEntry | undefined,
  after: HostEntry | undefined,
): HostDifference[] {
  const was = before?.type === 'missing' ? undefined : before;
  const is = after?.type === 'missing' ? undefined : after;
  if (was === undefined || is === undefined) {
    const present = was ?? is;
    if (present === undefined) return [];
    return [{ path, kind: was === undefined ? 'added' : 'removed', details: [formatValue(present)] }];
  }
  const details = detailsOf(was, is);
  return details.length === 0 ? [] : [{ path, kind: 'modified', details }];
}

function detailsOf(was: HostEntry, is: HostEntry): string[] {
  const details = [
    change('type', was.type, is.type),
    change('mode', octal(was), octal(is)),
    change('owner', owner(was), owner(is)),
    change('size', was.size, is.size),
    change('target', was.target, is.target),
    was.sha256 !== undefined && is.sha256 !== undefined && was.sha256 !== is.sha256 ? 'content' : '',
  ].filter((detail) => detail !== '');
  const isTouched =
    was.changedAt !== undefined && is.changedAt !== undefined && was.changedAt !== is.changedAt;
  return details.length === 0 && isTouched ? [formatTouch(was, is)] : details;
}

/** Describes an entry of which only the kernel's time of change differs. */
function formatTouch(was: HostEntry, is: HostEntry): string {
  const isSameContent = was.sha256 !== undefined && was.sha256 === is.sha256;
  const what =
    is.type === 'directory'
      ? 'names in it came or went, or its attributes changed'
      : isSameContent
        ? 'written to, with the same content'
        : 'written to, or replaced';
  return `${what}, at ${new Date(Number((is.changedAt ?? 0n) / 1_000_000n)).toISOString()}`;
}

function change(name: string, was: string | number | undefined, is: string | number | undefined): string {
  if (was === is) return '';
  return `${name} ${was ?? 'none'} → ${is ?? 'none'}`;
}

function formatValue(entry: HostEntry): string {
  const size = entry.size === undefined ? '' : `, ${entry.size} bytes`;
  const target = entry.target === undefined ? '' : ` to ${entry.target}`;
  return `${entry.type}${target}, ${octal(entry)}, owner ${owner(entry)}${size}`;
}

function octal({ mode }: HostEntry): string {
  return mode.toString(8).padStart(4, '0');
}

function owner({ uid, gid }: HostEntry): string {
  return `${uid}:${gid}`;
}
