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

/** Returns the command as messages show it. Its result has the whole command. */
export function printedCommand(result: AnyResult): string {
  const redactor = redactorOf(result);
  const argv = argvOf(result) ?? [];
  return argv.length > 0
    ? formatCommand(argv, redactor)
    : printable(shortened(redactor.redact(result.escapedCommand), maxCommand));
}

/** The maximum that messages show of a command and of each argument, in characters. */
const maxCommand = 4000;
const maxArgument = 1000;

/**
 * Formats a command for a message: quoted as for a shell, without secrets, and safe to print. Of long arguments and of
 * a long command, it has the beginning and the length.
 */
export function formatCommand(argv: readonly string[], { redact }: Redactor): string {
  const words = argv.map((argument) => shortened(redact(argument), maxArgument, quote));
  return printable(shortened(redact(words.join(' ')), maxCommand));
}

/** Cuts a text that is longer than a maximum, and says how long it is. */
export function shortened(text: string, max: number, format = (shown: string): string => shown): string {
  if (text.length <= max) return format(text);
  return `${format(text.slice(0, max))}… (${text.length.toLocaleString('en-US')} characters)`;
}

function argvOf(result: object): readonly string[] | undefined {
  return (result as { [argvName]?: readonly string[] })[argvName];
}
