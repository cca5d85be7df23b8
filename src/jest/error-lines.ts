import { inspect } from 'node:util';
import { BelljarError } from '../support/errors';
import { withoutRepeats } from '../support/repeated-causes';

/**
 * jest-circus's record of an error: what was thrown, or a pair of that and an error from the test's or hook's
 * definition.
 */
export type TestFailure = unknown;

/** Returns what was thrown. */
export function thrownOf(failure: TestFailure): unknown {
  return Array.isArray(failure) ? (failure as unknown[])[0] : failure;
}

/**
 * Returns a copy of a failure with lines at the end of its message, before the stack. The error itself may be frozen,
 * or belong to other tests, too, if a hook for all of them failed.
 */
export function withLines(failure: TestFailure, lines: readonly string[]): TestFailure {
  const [thrown, definition]: unknown[] = Array.isArray(failure) ? (failure as unknown[]) : [failure];
  const addition = `\n\n${lines.join('\n')}`;
  const copy = isErrorLike(thrown) ? copyOf(thrown, addition) : errorOf(thrown, definition, addition);
  return Array.isArray(failure) ? [copy, definition] : copy;
}

/** Returns what Jest is to print of a failure, so that no cause of an error of belljar repeats the error's message. */
export function withoutRepeatedCauses(failure: TestFailure): TestFailure {
  const thrown = thrownOf(failure);
  if (!(thrown instanceof BelljarError) || thrown.cause === undefined) return failure;
  const printed = withoutRepeats(thrown);
  return Array.isArray(failure) ? [printed, ...(failure as unknown[]).slice(1)] : printed;
}

interface ErrorLike {
  message?: string;
  stack?: string;
}

function isErrorLike(thrown: unknown): thrown is ErrorLike {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { message, stack } = thrown as { message?: unknown; stack?: unknown };
  return typeof stack === 'string' || (typeof message === 'string' && message !== '');
}

function copyOf(error: ErrorLike, addition: string): object {
  const { message = '', stack } = error;
  const hidden = { writable: true, configurable: true, enumerable: false };
  return Object.create(Object.getPrototypeOf(error) as object | null, {
    ...Object.getOwnPropertyDescriptors(error),
    message: { ...hidden, value: message + addition },
    ...(stack === undefined ? {} : { stack: { ...hidden, value: intoStack(stack, message, addition) } }),
  }) as object;
}

/** Adds to the message in a stack: for Jest, everything before the first stack frame is the message. */
function intoStack(stack: string, message: string, addition: string): string {
  const after = message === '' ? -1 : stack.indexOf(message);
  const start = after === -1 ? 0 : after + message.length;
  const frame = /\n\s*at .*:\d+:\d+/.exec(stack.slice(start));
  const end = frame === null ? stack.length : start + frame.index;
  return stack.slice(0, end) + addition + stack.slice(end);
}

/** Makes an error of a thrown value that is not an error, in Jest's own words. */
function errorOf(thrown: unknown, definition: unknown, addition: string): Error {
  // Jest itself throws a string when a test times out.
  const shown = typeof thrown === 'string' ? `"${thrown}"` : inspect(thrown, { depth: 3 });
  const message = `thrown: ${shown}${addition}`;
  const error = new Error(message);
  const stack = isErrorLike(definition) ? (definition.stack ?? '') : '';
  error.stack = `${message}${/\n\s*at [^]*$/.exec(stack)?.[0] ?? ''}`;
  return error;
}
