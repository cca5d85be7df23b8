import { inContainer, requireRunning } from '../container/container-state';
import { logCutShort } from '../container/logs';
import type { StartedContainer } from '../container/started-container';
import { EngineError } from '../engine/errors';
import { readFrames } from '../engine/framed-stream';
import { ended } from '../engine/stream-end';
import { keepTail } from '../command/spawn/tail';
import { outputMatcher } from '../command/spawn/wait-for-output';
import { checkOptions } from '../support/options/check-options';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import type { ServiceContainer } from './service-container';
import { waitForService, type WaitStatus } from './wait';

/** The size of the part of the log that is searched at once, in bytes. A longer match is not found. */
const window = 256 * 1024;

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForLog(
  service: ServiceContainer,
  expected: string | RegExp,
  options: WaitOptions = {},
): Promise<void> {
  const matches = outputMatcher(expected);
  checkOptions(options, waitChecks);
  const { timeout = defaultTimeout } = options;
  const log = await followLog(service.container);
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
  const status = (): WaitStatus => ({
    ready: found,
    seen: tail.revision === 0 ? 'an empty log' : 'the log below',
  });
  try {
    await waitForService(service, {
      for: `${typeof expected === 'string' ? JSON.stringify(expected) : String(expected)} in the log`,
      timeout,
      interval: 10,
      look: async () => {
        if (broken === undefined || found) return status();
        // The container or the engine has gone, or the connection alone.
        await requireRunning(service.container);
        throw broken;
      },
      lastLook: async () => {
        await ended(log);
        return status();
      },
    });
  } finally {
    log.destroy();
  }
}

/** The engine client's stream: the answer to an HTTP request. */
interface Log extends NodeJS.ReadableStream {
  destroy(error?: Error): void;
}

/** Follows the log from the beginning, or from the last start if the container was started again. */
async function followLog(container: StartedContainer): Promise<Log> {
  return inContainer(container, async () => {
    const { State } = await container.docker.inspect();
    const since = State.Running ? engineTime(State.FinishedAt) : undefined;
    return (await container.docker.logs({ stdout: true, stderr: true, follow: true, since })) as Log;
  });
}

/** Converts a time of the engine's JSON for a query, in seconds with nanoseconds; undefined for "never". */
function engineTime(text: string): string | undefined {
  const seconds = Math.floor(Date.parse(text) / 1000);
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(text) ?? [];
  return seconds > 0 ? `${seconds}.${fraction.padEnd(9, '0')}` : undefined;
}
