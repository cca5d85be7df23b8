import { inspect } from 'node:util';

/** What jest-circus has of an error: what was thrown, alone or with where the test or hook was defined. */
export type TestFailure = unknown;

/** What was thrown. */
export function thrownOf(failure: TestFailure): unknown {
  return Array.isArray(failure) ? (failure as unknown[])[0] : failure;
}

/**
 * The same failure with lines at the end of its message, before the stack. It is a copy: the error may be another
 * test's as well, where a hook for all of them failed, or be frozen.
 */
export function withNote(failure: TestFailure, lines: readonly string[]): TestFailure {
  const [thrown, place]: unknown[] = Array.isArray(failure) ? (failure as unknown[]) : [failure];
  const note = `\n\n${lines.join('\n')}`;
  const copy = isErrorLike(thrown) ? copyOf(thrown, note) : errorOf(thrown, place, note);
  return Array.isArray(failure) ? [copy, place] : copy;
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

function copyOf(error: ErrorLike, note: string): object {
  const { message = '', stack } = error;
  const hidden = { writable: true, configurable: true, enumerable: false };
  return Object.create(Object.getPrototypeOf(error) as object | null, {
    ...Object.getOwnPropertyDescriptors(error),
    message: { ...hidden, value: message + note },
    ...(stack === undefined ? {} : { stack: { ...hidden, value: intoStack(stack, message, note) } }),
  }) as object;
}

/** Jest takes everything up to the first line of the stack proper for the message. */
function intoStack(stack: string, message: string, note: string): string {
  const after = message === '' ? -1 : stack.indexOf(message);
  const start = after === -1 ? 0 : after + message.length;
  const frame = /\n\s*at .*:\d+:\d+/.exec(stack.slice(start));
  const end = frame === null ? stack.length : start + frame.index;
  return stack.slice(0, end) + note + stack.slice(end);
}

/** Something was thrown that is no error: as Jest would say it. */
function errorOf(thrown: unknown, place: unknown, note: string): Error {
  // A text is what Jest itself throws where the time is over.
  const shown = typeof thrown === 'string' ? `"${thrown}"` : inspect(thrown, { depth: 3 });
  const message = `thrown: ${shown}${note}`;
  const error = new Error(message);
  const stack = isErrorLike(place) ? (place.stack ?? '') : '';
  error.stack = `${message}${/\n\s*at [^]*$/.exec(stack)?.[0] ?? ''}`;
  return error;
}
