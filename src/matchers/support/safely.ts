import { printableColored } from '../../support/printable';
import { redactorOf } from '../../support/secrets/redact';
import type { MatcherContext, MatcherResult } from './message';

/** A matcher as Jest calls it. */
type Matcher = (
  this: MatcherContext,
  received: never,
  ...expected: never[]
) => MatcherResult | Promise<MatcherResult>;

/**
 * Makes matchers' failures safe to print: without the secrets of the container, the command or the terminal that they
 * are about, and without control characters other than Jest's colors. A matcher that cuts what it prints takes the
 * secrets out before, by `redact` in its context: half of one is not found here.
 */
export function safely<Matchers extends Record<string, Matcher>>(matchers: Matchers): Matchers {
  const entries = Object.entries(matchers).map(([name, matcher]) => [name, safe(matcher)]);
  return Object.fromEntries(entries) as Matchers;
}

function safe(matcher: Matcher): Matcher {
  return function (received, ...expected) {
    const given: unknown = received;
    if (isPromise(given)) return judgeLater(this, matcher, given, expected);
    const redact = (text: string): string => redactorOf(given).redact(text);
    const judged = matcher.call(contextWith(this, redact), received, ...expected);
    return isPromise(judged)
      ? judged.then((result) => safeResult(result, redact))
      : safeResult(judged, redact);
  };
}

/** What a promise is about is known once it has settled: a command's result, or its error. */
async function judgeLater(
  context: MatcherContext,
  matcher: Matcher,
  promise: Promise<unknown>,
  expected: never[],
): Promise<MatcherResult> {
  const about = await promise.catch((error: unknown) => error);
  const redact = (text: string): string => redactorOf(about).redact(text);
  return safeResult(await matcher.call(contextWith(context, redact), promise as never, ...expected), redact);
}

/** Jest's own context stays as it is. */
function contextWith(context: MatcherContext, redact: (text: string) => string): MatcherContext {
  return Object.assign(Object.create(context) as MatcherContext, { redact });
}

function safeResult({ pass, message }: MatcherResult, redact: (text: string) => string): MatcherResult {
  return { pass, message: () => printableColored(redact(message())) };
}

/** Asked by the value, not by `in`: what useContainer() returns has something to say only inside tests. */
function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof (value as Partial<Promise<Value>> | null | undefined)?.then === 'function';
}
