import { useContainer, withContainer } from '../../src';
import { conclude } from '../../src/isolation/evidence';
import { isolationResult } from '../../src/matchers/support/isolation-result';
import { MatcherError } from '../../src/matchers/support/errors';
import { matcherContext } from '../../tooling/spec-helpers/matcher-context';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

describe('The matchers for isolation', () => {
  const box = useContainer({ scope: 'file' });

  it('are there on expect(), and pass for containers that share nothing', async () => {
    await withContainer(
      async (other) => {
        await expect(box).toBeIsolatedFromHost();
        await expect(box).toBeIsolatedFrom(other);
      },
      { network: 'none' },
    );
  });

  it('fail with what was expected and found', async () => {
    expect(await failureOf(expect(box).not.toBeIsolatedFromHost())).toMatch(
      /^expect\(received\)\.not\.toBeIsolatedFromHost\(\)\n\nExpected: container .* not to be isolated from the host\nReceived: none open, of \d+ checks\n/,
    );
  });

  it('neither pass nor fail with .not if nothing is open, but not all could be checked', () => {
    const report = conclude([
      { check: 'behavior', status: 'unknown', expected: 'to look', found: 'no shell', how: 'commands' },
      { check: 'privileged', status: 'sealed', expected: 'no', found: 'no', how: 'the engine' },
    ]);
    const judged = { matcher: 'toBeIsolatedFromHost', subject: 'container x', from: 'the host', report };

    expect(isolationResult(matcherContext(), judged).pass).toBe(false);
    expect(() => isolationResult(matcherContext({ isNot: true }), judged)).toThrow(MatcherError);
    expect(() => isolationResult(matcherContext({ isNot: true }), judged)).toThrow(/unknown\s+no shell/);
  });
});
