import type { FileType } from '../../filesystem/file-info';
import { isAsymmetric, matchesText, type Asymmetric } from '../support/expected-value';
import { modeText } from '../support/ls-line';
import type { MatcherContext } from '../support/message';

/** One expected property of a file, and the actual value. */
export interface Aspect {
  /** The option's name: `mode`. */
  name: string;
  passes: boolean;
  /** The expected and the found value, plain text of one line each. */
  expected: string;
  found: string;
  /** The same values in full, if the two above are excerpts. */
  whole?: { expected: string; found: string };
  /** The source of the finding, as plain text. */
  evidence?: string;
  /** Replaces the two lines if it says more. May be colored. */
  diff?: string;
}

/** The expected permissions and ownership. */
export interface AccessExpectation {
  /** Permission bits, with set-user-id, set-group-id and sticky: `0o755`. */
  mode?: number | Asymmetric;
  /** The user's name in the container, or the uid. */
  owner?: string | number | Asymmetric;
  /** The group's name in the container, or the gid. */
  group?: string | number | Asymmetric;
}

/** The permissions and ownership of a file. */
interface Accessible {
  type: FileType;
  mode: number;
  uid: number;
  gid: number;
  owner?: string | undefined;
  group?: string | undefined;
}

/** Compares mode, owner and group, as far as they were named. */
export function accessAspects(
  context: MatcherContext,
  { mode, owner, group }: AccessExpectation,
  info: Accessible,
): Aspect[] {
  return [
    ...(mode === undefined ? [] : [modeAspect(context, mode, info)]),
    ...(owner === undefined ? [] : [ownerAspect(context, 'owner', owner, info.owner, info.uid)]),
    ...(group === undefined ? [] : [ownerAspect(context, 'group', group, info.group, info.gid)]),
  ];
}

function modeAspect(
  context: MatcherContext,
  expected: number | Asymmetric,
  { mode, type }: Accessible,
): Aspect {
  const passes = context.equals(mode, expected);
  const found = modeText(mode, type);
  if (isAsymmetric(expected)) {
    return { name: 'mode', passes, expected: asymmetricText(context, expected), found };
  }
  const hint = isProbablyDecimal(expected)
    ? `, which is ${expected} in decimal: 0o${expected} was meant?`
    : '';
  return { name: 'mode', passes, expected: `${modeText(expected, type)}${hint}`, found };
}

/** Three octal digits that were written as a decimal number, such as 755, have the sticky bit from 512 on. */
function isProbablyDecimal(mode: number): boolean {
  return mode > 512 && /^[567][0-7]{2}$/.test(String(mode));
}

/** Compares a name with the container's. Digits may also be an id, as for chown. */
function ownerAspect(
  context: MatcherContext,
  option: string,
  expected: string | number | Asymmetric,
  name: string | undefined,
  id: number,
): Aspect {
  const found = name === undefined ? `${id} (no name in the container)` : `${name} (${id})`;
  if (isAsymmetric(expected)) {
    const passes = context.equals(name ?? id, expected);
    return { name: option, passes, expected: asymmetricText(context, expected), found };
  }
  const passes = expected === name || String(expected) === String(id);
  return { name: option, passes, expected: String(expected), found };
}

/** Compares a number or a string for equality. */
export function valueAspect(
  context: MatcherContext,
  name: string,
  expected: number | string | Asymmetric,
  found: number | string,
): Aspect {
  return {
    name,
    passes: context.equals(found, expected),
    expected: isAsymmetric(expected) ? asymmetricText(context, expected) : String(expected),
    found: String(found),
  };
}

/** Compares a string for equality, or with a pattern. */
export function textAspect(
  context: MatcherContext,
  name: string,
  expected: string | RegExp | Asymmetric,
  found: string,
): Aspect {
  if (typeof expected === 'string') return { name, passes: found === expected, expected, found };
  const text = isAsymmetric(expected) ? asymmetricText(context, expected) : `to match ${String(expected)}`;
  return { name, passes: matchesText(context, found, expected), expected: text, found };
}

/** Formats an asymmetric matcher as Jest prints it, without color. */
export function asymmetricText({ utils }: MatcherContext, expected: Asymmetric): string {
  return utils.stringify(expected);
}
