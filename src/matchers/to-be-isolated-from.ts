import { checkIsolationFrom, type ContainerIsolationOptions } from '../isolation/from-container';
import type { Subject } from '../isolation/subject';
import { isolationResult } from './support/isolation-result';
import type { MatcherContext, MatcherResult } from './support/message';

export async function toBeIsolatedFrom(
  this: MatcherContext,
  received: Subject,
  other: Subject,
  options?: ContainerIsolationOptions,
): Promise<MatcherResult> {
  return isolationResult(this, {
    matcher: 'toBeIsolatedFrom',
    subject: `container ${received.name}`,
    from: `container ${other.name}`,
    report: await checkIsolationFrom(received, other, options),
  });
}
