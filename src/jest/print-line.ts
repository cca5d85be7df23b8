import { printable } from '../support/printable';

/** Prints where Jest's own report goes, so that `jest --json` keeps standard output for itself. */
export function printLine(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
