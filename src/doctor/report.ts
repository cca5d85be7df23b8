/** The result of a check: fine, worth knowing, or a problem that no run can work with. */
export type DoctorStatus = 'ok' | 'warning' | 'problem';

/** The result of one check. */
export interface DoctorLine {
  /** `engine`, `storage driver`, `default image`, … */
  name: string;
  status: DoctorStatus;
  /** What the check found. */
  found: string;
  /** What to do about it, if the status is not `ok`. */
  advice?: string;
}

/** The results of all checks. */
export interface DoctorReport {
  /** Whether belljar can work here: no line has the status `problem`. */
  ok: boolean;
  lines: DoctorLine[];
}

export function fine(name: string, found: string): DoctorLine {
  return { name, status: 'ok', found };
}

export function warning(name: string, found: string, advice: string): DoctorLine {
  return { name, status: 'warning', found, advice };
}

export function problem(name: string, found: string, advice: string): DoctorLine {
  return { name, status: 'problem', found, advice };
}
