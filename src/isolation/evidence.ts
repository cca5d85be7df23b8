/**
 * What one look found.
 *
 * - `sealed`: as it should be.
 * - `noted`: worth knowing, and no breach: Docker's default for every container, or a door that the spec asked for.
 * - `open`: something gets through.
 * - `unknown`: belljar could not look. This fails the whole, just as `open` does.
 */
export type EvidenceStatus = 'sealed' | 'noted' | 'open' | 'unknown';

/** One fact that speaks for or against isolation. */
export interface Evidence<Check extends string = string> {
  /** What was looked at, in words: `bind mounts`. */
  check: Check;
  status: EvidenceStatus;
  /** What a sealed container has. */
  expected: string;
  /** What this one has. */
  found: string;
  /** Where that was seen. */
  how: string;
}

/** Whether something is sealed off, and every fact that was looked at. */
export interface IsolationReport<Check extends string = string> {
  /** True where no evidence is `open` or `unknown`, and there is some. */
  isolated: boolean;
  evidence: Evidence<Check>[];
}

/** What a check found: `undefined` is `sealed`. */
export interface Finding {
  status: EvidenceStatus;
  found: string;
}

/** @returns a report on the evidence; checks that the caller allows to be open are only noted */
export function conclude<Check extends string>(
  evidence: Evidence<Check>[],
  allowed: readonly Check[] = [],
): IsolationReport<Check> {
  const judged = evidence.map((one) =>
    one.status === 'open' && allowed.includes(one.check)
      ? { ...one, status: 'noted' as const, found: `${one.found} (allowed by the spec)` }
      : one,
  );
  return { isolated: judged.length > 0 && !judged.some(isBreach), evidence: judged };
}

/** Whether the evidence speaks against isolation. */
export function isBreach({ status }: Evidence): boolean {
  return status === 'open' || status === 'unknown';
}

/** Open, with a list of what was found, where there is anything; sealed otherwise. */
export function openIfAny(found: readonly string[], otherwise = 'none'): Finding {
  return found.length > 0
    ? { status: 'open', found: found.join('\n') }
    : { status: 'sealed', found: otherwise };
}

/** The same, for doors that are no breach. */
export function notedIfAny(found: readonly string[], otherwise = 'none'): Finding {
  return found.length > 0
    ? { status: 'noted', found: found.join('\n') }
    : { status: 'sealed', found: otherwise };
}
