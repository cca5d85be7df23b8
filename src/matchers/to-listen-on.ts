import type { Box } from '../box/box';
import { listProcesses } from '../box/processes';
import { InvalidOptionError } from '../support/errors';
import { pollOrUndefined } from '../support/poll';
import { printable } from '../support/printable';
import type { WaitOptions } from '../terminal/options';
import { defaultTimeout } from '../terminal/options';
import { boundedLines } from './bounded-lines';
import { checkOptions, timeoutCheck } from './check-options';
import { MatcherError } from './errors';
import { parseListeners, type Listener } from './listeners';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';
import { boxOf } from './received-box';

/** Passes as soon as something in a container listens on a TCP port; with `.not`, as soon as nothing does. */
export async function toListenOn(
  this: MatcherContext,
  received: unknown,
  port: number,
  options: WaitOptions = {},
): Promise<MatcherResult> {
  const box = boxOf(received);
  checkPort(port);
  checkOptions(options, { timeout: timeoutCheck });
  const { timeout = defaultTimeout } = options;
  const wanted = this.isNot !== true;
  const { pass, listeners } = await listensInTime(box, port, { wanted, timeout });
  const processes = pass === wanted ? '' : await processList(this, box);
  return {
    pass,
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
          ['Received', this.utils.RECEIVED_COLOR(describeListeners(listeners))],
        ],
        evidence: this.utils.DIM_COLOR(`Processes:\n${processes}`),
      }),
  };
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidOptionError('The port', 'must be a whole number from 1 to 65535', port);
  }
}

async function listensInTime(
  box: Box,
  port: number,
  { wanted, timeout }: { wanted: boolean; timeout: number },
): Promise<{ pass: boolean; listeners: Listener[] }> {
  let listeners: Listener[] = [];
  const listens = (): boolean => listeners.some((listener) => listener.port === port);
  const look = async (): Promise<boolean> => {
    listeners = await readListeners(box);
    return listens() === wanted;
  };
  await pollOrUndefined(look, { for: `port ${port}`, timeout, interval: 25 });
  return { pass: listens(), listeners };
}

/** @throws MatcherError where the container has nothing to read its sockets with */
async function readListeners(box: Box): Promise<Listener[]> {
  // Either file is absent where the kernel has no such protocol.
  const { stdout, exitCode, code } = await box.run('cat', ['/proc/net/tcp', '/proc/net/tcp6'], {
    reject: false,
    user: '0',
  });
  if (exitCode === undefined || !stdout.includes('local_address')) {
    throw new MatcherError(
      `The sockets of container ${box.id.slice(0, 12)} can't be read: cat failed with ${code ?? 'no output'}.`,
    );
  }
  return parseListeners(stdout);
}

function describeListeners(listeners: readonly Listener[]): string {
  if (listeners.length === 0) return 'nothing listens on any port';
  const places = listeners.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return `these listen: ${[...new Set(places)].join(', ')}`;
}

/** A line each; what is too long is cut. */
async function processList({ redact }: MatcherContext, box: Box): Promise<string> {
  const lines = (await listProcesses(box)).map((line) =>
    `  ${printable(redact?.(line) ?? line)}`.slice(0, 200),
  );
  return boundedLines(lines) || '  none could be read';
}
