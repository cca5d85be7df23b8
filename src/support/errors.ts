import { inspect, types } from 'node:util';
import { printable } from './printable';
import { printWithoutRepeats } from './repeated-causes';
import { redacted } from './secrets/redact';
import { isSecretName } from './secrets/names';

/**
 * The class of all errors of belljar: each has a `code` for programs, and a message that says what to do. Each subclass
 * has a type with its codes and their meanings, such as `EngineErrorCode`.
 */
export class BelljarError extends Error {
  /** What went wrong, for programs: a word in capitals, such as `ENGINE_NOT_FOUND`. */
  readonly code: string;

  /**
   * @param code what went wrong, for programs
   * @param message what went wrong and what to do about it, for people; the constructor makes it safe to print
   * @param options `cause`: the error that caused this one
   */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.name = new.target.name;
    this.code = code;
  }
}

printWithoutRepeats(BelljarError);

/** A value may be huge, and a message is for people. */
const inspectOptions = { depth: 1, breakLength: Infinity, maxStringLength: 500, maxArrayLength: 20 };

/** What is wrong with an option. */
export type InvalidOptionErrorCode =
  /** belljar was given a value that it can't use. */
  'INVALID_OPTION';

/** belljar was given a value that it can't use. */
export class InvalidOptionError extends BelljarError {
  /** What went wrong; {@link InvalidOptionErrorCode} has the meaning of each code. */
  declare readonly code: InvalidOptionErrorCode;

  /**
   * @param name the option, as the caller wrote it: `timeout`
   * @param problem what is wrong with it, as it reads after the name: `must be a number of milliseconds, 0 or more`
   * @param given the value that was given, if it is to be shown
   */
  constructor(name: string, problem: string, ...given: readonly [value?: unknown]) {
    const got = given.map((value) => `; got ${inspect(shown(value), inspectOptions)}`);
    super('INVALID_OPTION' satisfies InvalidOptionErrorCode, `${name} ${problem}${got.join('')}.`);
  }
}

/** Why belljar no longer waits for a condition. */
export type PollTimeoutErrorCode =
  /** The condition did not come true in time. */
  'TIMED_OUT';

/** A condition that did not come true in time. */
export class PollTimeoutError extends BelljarError {
  /** What went wrong; {@link PollTimeoutErrorCode} has the meaning of each code. */
  declare readonly code: PollTimeoutErrorCode;

  /**
   * @param condition the condition, as it reads after "waiting for": `the engine to answer`
   * @param timeout how long, in milliseconds
   */
  constructor(condition: string, timeout: number) {
    super(
      'TIMED_OUT' satisfies PollTimeoutErrorCode,
      `Gave up after ${timeout} ms of waiting for ${condition}.`,
    );
  }
}

/** Hides secret variables, even if something else about them is wrong. */
function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return value;
  const names = Object.keys(value).filter(isSecretName);
  if (names.length === 0) return value;
  const safe = Object.fromEntries(names.map((name) => [name, { value: redacted, enumerable: true }]));
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(value), ...safe });
}

/** Returns the message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  // Not instanceof: under Jest, an error that Node.js itself throws belongs to another realm.
  return hasField(thrown, 'message') && typeof thrown.message === 'string' ? thrown.message : String(thrown);
}

/** Returns the `code` of a thrown Node.js or belljar error, or undefined. */
export function codeOf(thrown: unknown): string | undefined {
  return hasField(thrown, 'code') && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Returns the HTTP status of an error that the engine's API answered with, or undefined. */
export function statusOf(thrown: unknown): number | undefined {
  return hasField(thrown, 'statusCode') && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined;
}

function hasField<Name extends string>(thrown: unknown, name: Name): thrown is Record<Name, unknown> {
  return typeof thrown === 'object' && thrown !== null && name in thrown;
}
