/**
 * The result of one check.
 *
 * - `sealed`: as expected.
 * - `noted`: worth knowing, but not a breach: Docker's default for every container, or what the test asked for.
 * - `open`: something gets through.
 * - `unknown`: belljar could not check. The whole check fails, as it does for `open`.
 */
export type EvidenceStatus = 'sealed' | 'noted' | 'open' | 'unknown';

/** One fact for or against isolation. */
export interface Evidence<Check extends string = string> {
  /** The name of the check: `bind mounts`. */
  check: Check;
  status: EvidenceStatus;
  /** The state of a sealed container. */
  expected: string;
  /** The state of this container. */
  found: string;
  /** The source of the evidence: a field of the engine's API, a file of the kernel, or a canary. */
  how: string;
}

/** Tells if something is sealed off, and lists every fact that was checked. */
export interface IsolationReport<Check extends string = string> {
  /** True if there is evidence, and none of it is `open` or `unknown`. */
  isolated: boolean;
  evidence: Evidence<Check>[];
}

/** The status and the found state of one check. */
export interface Finding {
  status: EvidenceStatus;
  found: string;
}

/** Makes a report of the evidence. An open check that the caller allows is only noted. */
export function conclude<Check extends string>(
  evidence: Evidence<Check>[],
  allowed: readonly Check[] = [],
): IsolationReport<Check> {
  const judged = evidence.map((one) =>
    one.status === 'open' && allowed.includes(one.check)
      ? { ...one, status: 'noted' as const, found: `${one.found} (allowed by the test)` }
      : one,
  );
  return { isolated: judged.length > 0 && !judged.some(isBreach), evidence: judged };
}

/** Tells if the evidence is against isolation. */
export function isBreach({ status }: Evidence): boolean {
  return status === 'open' || status === 'unknown';
}

/** Returns `open` with the list of what was found, or `sealed` if nothing was found. */
export function openIfAny(found: readonly string[], otherwise = 'none'): Finding {
  return found.length > 0
    ? { status: 'open', found: found.join('\n') }
    : { status: 'sealed', found: otherwise };
}

/** Returns `noted` with the list of what was found, or `sealed` if nothing was found. */
export function notedIfAny(found: readonly string[], otherwise = 'none'): Finding {
  return found.length > 0
    ? { status: 'noted', found: found.join('\n') }
    : { status: 'sealed', found: otherwise };
}
