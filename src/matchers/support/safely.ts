import { isPromise } from '../../support/is-promise';
import { printable, printableColored } from '../../support/printable';
import { redactorOf } from '../../support/secrets/redact';
import type { MatcherContext, MatcherResult, PlainValue } from './message';

/** A matcher of belljar's. */
type Matcher = (
  this: MatcherContext,
  received: never,
  ...expected: never[]
) => MatcherResult | Promise<MatcherResult>;

/** What Jest's own matchers return. A reporter finds all of it in the error's `matcherResult`. */
interface JestMatcherResult {
  name: string;
  pass: boolean;
  message: () => string;
  actual: unknown;
  expected: unknown;
}

/** A matcher as Jest calls it. */
export type JestMatcher = (
  this: MatcherContext,
  received: unknown,
  ...expected: unknown[]
) => JestMatcherResult | Promise<JestMatcherResult>;

/**
 * Makes the messages of matchers safe to print: without the secrets of their container, command or terminal, and
 * without control characters other than Jest's colors. A matcher that cuts a string replaces secrets before, by
 * `redact` in its context, because half a secret is not found here.
 */
export function safely<Name extends string>(
  matchers: Readonly<Record<Name, Matcher>>,
): Record<Name, JestMatcher> {
  const entries = Object.entries<Matcher>(matchers).map(([name, matcher]) => [name, safe(name, matcher)]);
  return Object.fromEntries(entries) as Record<Name, JestMatcher>;
}

function safe(name: string, matcher: Matcher): JestMatcher {
  return function (received, ...expected) {
    if (isPromise(received)) return judgeLater(name, this, matcher, received, expected);
    const redact = (text: string): string => redactorOf(received).redact(text);
    const judged = matcher.call(
      contextWith(this, redact),
      ...([received, ...expected] as Parameters<Matcher>),
    );
    return isPromise(judged)
      ? judged.then((result) => safeResult(name, result, redact))
      : safeResult(name, judged, redact);
  };
}

/** Judges a promise. The secrets are known once it has settled: they are those of the command's result or error. */
async function judgeLater(
  name: string,
  context: MatcherContext,
  matcher: Matcher,
  promise: Promise<unknown>,
  expected: unknown[],
): Promise<JestMatcherResult> {
  const about = await promise.catch((error: unknown) => error);
  const redact = (text: string): string => redactorOf(about).redact(text);
  const judged = matcher.call(
    contextWith(context, redact),
    ...([promise, ...expected] as unknown as Parameters<Matcher>),
  );
  return safeResult(name, await judged, redact);
}

/** Makes a context of its own, so that Jest's context stays as it is. */
function contextWith(context: MatcherContext, redact: (text: string) => string): MatcherContext {
  return Object.assign(Object.create(context) as MatcherContext, { redact });
}

/** Jest reads `actual` and `expected` of a failure alone. */
function safeResult(
  name: string,
  { pass, message, compared }: MatcherResult,
  redact: (text: string) => string,
): JestMatcherResult {
  return {
    name,
    pass,
    message: () => printableColored(redact(message())),
    get actual() {
      return safeValue(compared().actual, redact);
    },
    get expected() {
      return safeValue(compared().expected, redact);
    },
  };
}

function safeValue(value: PlainValue, redact: (text: string) => string): PlainValue {
  if (typeof value === 'string') return cut(printable(redact(value)));
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => safeValue(item, redact));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, safeValue(item, redact)]));
}

function isList(value: object): value is readonly PlainValue[] {
  return Array.isArray(value);
}

/** How much of a text a reporter is given, in characters. */
const maxText = 20_000;

/** Takes the middle out of a long text. */
function cut(text: string): string {
  const rest = text.length - maxText;
  if (rest <= 0) return text;
  return `${text.slice(0, maxText / 2)}\n… ${rest} more characters …\n${text.slice(-maxText / 2)}`;
}
