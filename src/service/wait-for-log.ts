import { inContainer, requireRunning } from '../container/container-state';
import { logCutShort } from '../container/logs';
import { EngineError } from '../engine/errors';
import { readFrames } from '../engine/framed-stream';
import { ended } from '../engine/stream-end';
import { keepTail } from '../command/spawn/tail';
import { outputMatcher } from '../command/spawn/wait-for-output';
import { checkOptions } from '../support/check-options';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/wait-options';
import type { ServiceContainer } from './service-container';
import { waitForService, type WaitStatus } from './wait';

/** How much of the log is looked at at once, in bytes: what is waited for is not longer. */
const window = 256 * 1024;

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForLog(
  host: ServiceContainer,
  expected: string | RegExp,
  options: WaitOptions = {},
): Promise<void> {
  const matches = outputMatcher(expected);
  checkOptions(options, waitChecks);
  const { timeout = defaultTimeout } = options;
  const log = await followLog(host);
  const tail = keepTail(window);
  let found = false;
  let broken: EngineError | undefined;
  const frames = readFrames(log, (stream, bytes) => {
    tail.add(stream, bytes);
    found ||= matches(tail.output());
  });
  log.on('error', (error: unknown) => (broken = error instanceof EngineError ? error : logCutShort(error)));
  log.on('end', () => {
    if (!frames.isWhole()) broken = logCutShort();
  });
  const sight = (): WaitStatus => ({
    ready: found,
    seen: tail.revision === 0 ? 'an empty log' : 'the log below',
  });
  try {
    await waitForService(host, {
      for: `${typeof expected === 'string' ? JSON.stringify(expected) : String(expected)} in the log`,
      timeout,
      interval: 10,
      look: async () => {
        if (broken === undefined || found) return sight();
        // The container or the engine has gone, or the connection alone.
        await requireRunning(host);
        throw broken;
      },
      lastLook: async () => {
        await ended(log);
        return sight();
      },
    });
  } finally {
    log.destroy();
  }
}

/** What the engine's client gives: the answer of an HTTP request. */
interface Log extends NodeJS.ReadableStream {
  destroy(error?: Error): void;
}

/** The log as it comes, from the beginning; of a container that was started again, from that start. */
async function followLog(host: ServiceContainer): Promise<Log> {
  return inContainer(host, async () => {
    const { State } = await host.docker.inspect();
    const since = State.Running ? engineTime(State.FinishedAt) : undefined;
    return (await host.docker.logs({ stdout: true, stderr: true, follow: true, since })) as Log;
  });
}

/** A time in the engine's JSON as its queries take it, in seconds and nanoseconds; undefined for "never". */
function engineTime(text: string): string | undefined {
  const seconds = Math.floor(Date.parse(text) / 1000);
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(text) ?? [];
  return seconds > 0 ? `${seconds}.${fraction.padEnd(9, '0')}` : undefined;
}
