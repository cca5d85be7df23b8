/** What Jest hands to a matcher as `this`, as far as belljar needs it. */
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
    /** A value as Jest prints it, without color. */
    stringify(value: unknown): string;
    /** What differs, line by line and colored; null where nothing can be compared. */
    diff(
      expected: unknown,
      received: unknown,
      options?: { expand?: boolean; aAnnotation?: string; bAnnotation?: string },
    ): string | null;
  };
  equals(left: unknown, right: unknown): boolean;
  /** Takes secrets out of text that is going to be cut; belljar's own, see safely.ts. */
  redact?: (text: string) => string;
}

/** Data that survives the way from a worker to Jest's main process, and into `jest --json`. */
export type PlainValue =
  string | number | boolean | undefined | readonly PlainValue[] | { readonly [name: string]: PlainValue };

/** What was expected and what was found, for reporters that show the two side by side. */
export interface Compared {
  actual: PlainValue;
  expected: PlainValue;
}

/** What a matcher of belljar's returns. {@link safely} makes Jest's result of it. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
  /** As with the message, only a failure asks. What is found may hold secrets, and anything that a container prints. */
  compared: () => Compared;
}

export interface FailureMessage {
  /** The matcher's name: `toHaveFile`. */
  matcher: string;
  /** What stands in the matcher's parentheses, for people. */
  expected?: string;
  /** One line each, label and text: `Expected: exit code 0`. Already colored. */
  lines: readonly (readonly [label: string, text: string])[];
  /** The facts that were checked, as a block of its own below. */
  evidence?: string;
}

/**
 * The one shape of every failure: the matcher call, what was expected, what was found, and the evidence.
 */
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

/** The names of the options that were given, without those that are undefined, as the matcher call shows them. */
export function givenNames(options: object): string[] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}
