/** How one thing is: fine, worth knowing, or in the way of every run. */
export type DoctorStatus = 'ok' | 'warning' | 'problem';

/** One thing that was looked at. */
export interface DoctorLine {
  /** `engine`, `storage driver`, `default image`, … */
  name: string;
  status: DoctorStatus;
  /** What was found. */
  found: string;
  /** What to do about it, where it isn't fine. */
  advice?: string;
}

/** What the doctor found. */
export interface DoctorReport {
  /** Whether belljar can work here: no line is a problem. */
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
