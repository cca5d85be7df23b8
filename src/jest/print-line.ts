import { printable } from '../support/printable';

/** Prints to standard error, as Jest's own report does: `jest --json` has standard output for itself. */
export function printLine(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
