import { printable } from '../support/printable';
import { redactorOf, withRedactor, type Redactor } from '../support/secrets/redact';
import { quote } from './quote';
import type { CommandResult } from './result';

type AnyResult = CommandResult<string | Uint8Array>;

/** The property of a result that holds its command. Global, because results cross Jest's module registries. */
const argvName = Symbol.for('belljar.argv');

/**
 * Attaches its command and its redactor to a result or an error, in properties that no printer and no comparison sees.
 */
export function withCommandOrigin<Result extends object>(
  result: Result,
  argv: readonly string[],
  redactor: Redactor,
): Result {
  return Object.defineProperty(withRedactor(result, redactor), argvName, { value: argv, configurable: true });
}

/** Copies the command and the redactor of another result. */
export function withCommandOriginOf<Result extends object>(result: Result, other: object): Result {
  return withCommandOrigin(result, argvOf(other) ?? [], redactorOf(other));
}

/** Returns the command as messages show it. Its arguments are redacted before they are quoted. */
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
