/** The context that Jest passes to a matcher as `this`, as far as belljar needs it. */
export interface MatcherContext {
  isNot?: boolean;
  promise?: string;
  utils: {
    matcherHint(
      name: string,
      received?: string,
      expected?: string,
      options?: { isNot?: boolean; promise?: string },
    ): string;
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
    EXPECTED_COLOR(text: string): string;
    RECEIVED_COLOR(text: string): string;
    DIM_COLOR(text: string): string;
    /** Formats a value as Jest prints it, without color. */
    stringify(value: unknown): string;
    /** Formats the differences line by line, colored. Returns null if the values can't be compared. */
    diff(
      expected: unknown,
      received: unknown,
      options?: { expand?: boolean; aAnnotation?: string; bAnnotation?: string },
    ): string | null;
  };
  equals(left: unknown, right: unknown): boolean;
  /** Replaces secrets in a string before a matcher cuts it. belljar adds this function, see safely.ts. */
  redact?: (text: string) => string;
}

/** Data that can be sent from a worker to Jest's main process, and printed by `jest --json`. */
export type PlainValue =
  string | number | boolean | undefined | readonly PlainValue[] | { readonly [name: string]: PlainValue };

/** The expected and the actual value, for reporters that show the two side by side. */
export interface Compared {
  actual: PlainValue;
  expected: PlainValue;
}

/** The result of a matcher. `safely()` makes Jest's result of it. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
  /** As with the message, only a failure asks. What is found may hold secrets, and anything that a container prints. */
  compared: () => Compared;
}

export interface FailureMessage {
  /** The matcher's name: `toHaveFile`. */
  matcher: string;
  /** The text in the parentheses of the matcher call. */
  expected?: string;
  /** Pairs of label and text, one line each: `Expected: exit code 0`. Already colored. */
  lines: readonly (readonly [label: string, text: string])[];
  /** The checked facts, as a separate block below the lines. */
  evidence?: string;
}

/** Formats the message of every matcher: the call, the expected value, the received value, and the evidence. */
export function failureMessage(context: MatcherContext, failure: FailureMessage): string {
  const { matcher, expected = '', lines, evidence = '' } = failure;
  const hint = context.utils.matcherHint(matcher, undefined, expected, {
    isNot: context.isNot ?? false,
    promise: context.promise ?? '',
  });
  const width = Math.max(...lines.map(([label]) => label.length)) + 1;
  const table = lines.map(([label, text]) => `${`${label}:`.padEnd(width)} ${text}`).join('\n');
  return [hint, '', table, ...(evidence === '' ? [] : ['', evidence.replace(/^\n+/, '')])].join('\n');
}

/** Lists the names of all options that are not undefined, as the matcher call shows them. */
export function givenNames(options: object): string[] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}
