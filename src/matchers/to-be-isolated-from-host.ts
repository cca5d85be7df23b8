import { checkIsolationFromHost, type HostIsolationOptions } from '../isolation/from-host';
import type { Subject } from '../isolation/subject';
import { isolationResult } from './support/isolation-result';
import type { MatcherContext, MatcherResult } from './support/message';

export async function toBeIsolatedFromHost(
  this: MatcherContext,
  received: Subject,
  options?: HostIsolationOptions,
): Promise<MatcherResult> {
  return isolationResult(this, {
    matcher: 'toBeIsolatedFromHost',
    subject: `container ${received.name}`,
    from: 'the host',
    report: await checkIsolationFromHost(received, options),
  });
}
