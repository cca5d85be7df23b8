import { printable } from '../support/printable';
import { redactorOf, withRedactor, type Redactor } from '../support/secrets/redact';
import { quote } from './quote';
import type { CommandResult } from './result';

type AnyResult = CommandResult<string | Uint8Array>;

/** Under which a result holds the program and its arguments; it crosses Jest's module registries. */
const argvName = Symbol.for('belljar.argv');

/** Has a result, or its error, tell its messages what is secret in it, where no printer and no comparison sees it. */
export function withCommandOrigin<Result extends object>(
  result: Result,
  argv: readonly string[],
  redactor: Redactor,
): Result {
  return Object.defineProperty(withRedactor(result, redactor), argvName, { value: argv, configurable: true });
}

/** Gives one result what another has. */
export function withCommandOriginOf<Result extends object>(result: Result, other: object): Result {
  return withCommandOrigin(result, argvOf(other) ?? [], redactorOf(other));
}

/** The command as messages show it: its arguments lose their secrets before they are quoted. */
export function printedCommand(result: AnyResult): string {
  const argv = argvOf(result) ?? [];
  const { redact } = redactorOf(result);
  const command =
    argv.length === 0 ? result.escapedCommand : argv.map((argument) => quote(redact(argument))).join(' ');
  return printable(redact(command));
}

function argvOf(result: object): readonly string[] | undefined {
  return (result as { [argvName]?: readonly string[] })[argvName];
}
