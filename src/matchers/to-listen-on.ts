import type { Box } from '../box/box';
import type { Listener } from '../service/listeners';
import { formatListeners, readListeners } from '../service/listening';
import { checkPort } from '../service/options';
import { formatDiagnostics } from '../service/diagnostics';
import { checkOptions } from '../support/options/check-options';
import { pollOrUndefined } from '../support/poll';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import { failureMessage, type MatcherContext, type MatcherResult } from './support/message';
import { boxOf } from './support/received-box';

export async function toListenOn(
  this: MatcherContext,
  received: unknown,
  port: number,
  options: WaitOptions = {},
): Promise<MatcherResult> {
  const box = boxOf(received);
  checkPort(port);
  checkOptions(options, waitChecks);
  const { timeout = defaultTimeout } = options;
  const wanted = this.isNot !== true;
  const { pass, listeners } = await listensInTime(box, port, { wanted, timeout });
  const diagnostics = pass === wanted ? '' : await formatDiagnostics({ container: box, commands: box });
  return {
    pass,
    compared: () => ({ actual: listeners.map((listener) => listener.port), expected: port }),
    message: () =>
      failureMessage(this, {
        matcher: 'toListenOn',
        expected: String(port),
        lines: [
          [
            'Expected',
            this.utils.EXPECTED_COLOR(
              `${wanted ? 'something' : 'nothing'} to listen on port ${port} within ${timeout} ms`,
            ),
          ],
          ['Received', this.utils.RECEIVED_COLOR(formatListeners(listeners))],
        ],
        evidence: this.utils.DIM_COLOR(diagnostics),
      }),
  };
}

async function listensInTime(
  box: Box,
  port: number,
  { wanted, timeout }: { wanted: boolean; timeout: number },
): Promise<{ pass: boolean; listeners: Listener[] }> {
  let listeners: Listener[] = [];
  const listens = (): boolean => listeners.some((listener) => listener.port === port);
  const isAsWanted = async (): Promise<boolean> => {
    listeners = await readListeners({ container: box, commands: box });
    return listens() === wanted;
  };
  await pollOrUndefined(isAsWanted, { for: `port ${port}`, timeout, interval: 25 });
  return { pass: listens(), listeners };
}
