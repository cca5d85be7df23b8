import type { Evidence, EvidenceStatus, IsolationReport } from '../../src/isolation/evidence';

/** The names of the checks with a status, in the order of the report. */
export function checksThatAre<Check extends string>(
  status: EvidenceStatus,
  report: IsolationReport<Check>,
): Check[] {
  return report.evidence.filter((one) => one.status === status).map(({ check }) => check);
}

/**
 * The evidence of one check.
 *
 * @throws if the report has no such check, because a missing check must not pass for one that found nothing
 */
export function evidenceOf<Check extends string>(
  report: IsolationReport<Check>,
  check: Check,
): Evidence<Check> {
  const found = report.evidence.find((one) => one.check === check);
  if (found === undefined) throw new Error(`The report has no evidence of "${check}".`);
  return found;
}
