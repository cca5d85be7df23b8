import { requireRunning } from '../../container/container-state';
import type { EngineError } from '../../engine/errors';
import { keepTail } from '../../command/spawn/tail';
import { outputMatcher } from '../../command/spawn/wait-for-output';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { isWholeNumber, must } from '../../support/options/option-checks';
import { hasPattern } from '../../support/pattern';
import { defaultTimeout, waitChecks, type WaitOptions } from '../../support/options/wait-options';
import { openLog } from './open-log';
import { createLineReader } from './line-reader';
import type { ServiceContainer } from '../service-container';
import { waitForService, type WaitStatus } from '../wait';

/** Options of a wait for the log. */
export interface LogWaitOptions extends WaitOptions {
  /**
   * The number of lines that must contain the string or match the pattern. Default: one match anywhere in the log,
   * which may go over several lines.
   */
  times?: number;
}

const checks = {
  ...waitChecks,
  times: must('must be a whole number, 1 or more', (value) => isWholeNumber(value, 1, Infinity)),
} satisfies OptionChecks<LogWaitOptions>;

/** The size of the part of the log that is searched at once, in bytes. A longer match is not found. */
const window = 256 * 1024;

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForLog(
  service: ServiceContainer,
  expected: string | RegExp,
  options: LogWaitOptions = {},
): Promise<void> {
  const matches = outputMatcher(expected);
  checkOptions(options, checks);
  const { timeout = defaultTimeout, times } = options;
  const log = await openLog(service.container);
  const tail = keepTail(window);
  let found = false;
  let count = 0;
  const lines = createLineReader((line) => {
    if (typeof expected === 'string' ? line.includes(expected) : hasPattern(line, expected)) count += 1;
  });
  let broken: EngineError | undefined;
  const listening = log.listen((stream, bytes) => {
    tail.add(stream, bytes);
    if (times === undefined) found ||= matches(tail.output());
    else lines.add(stream, bytes);
  });
  const over = listening.then((error) => {
    lines.end();
    broken = error;
  });
  const isReady = (): boolean => (times === undefined ? found : count >= times);
  const status = (): WaitStatus => ({ ready: isReady(), seen: formatSeen(tail.revision, times, count) });
  const what = typeof expected === 'string' ? JSON.stringify(expected) : String(expected);
  try {
    await waitForService(service, {
      for: times === undefined ? `${what} in the log` : `${what} in ${times} lines of the log`,
      timeout,
      interval: 10,
      look: async () => {
        if (broken === undefined || isReady()) return status();
        // The container or the engine has gone, or the connection alone.
        await requireRunning(service.container);
        throw broken;
      },
      lastLook: async () => {
        await over;
        return status();
      },
    });
  } finally {
    log.stream.destroy();
  }
}

function formatSeen(pieces: number, times: number | undefined, count: number): string {
  if (pieces === 0) return 'an empty log';
  return times === undefined ? 'the log below' : `${count} such lines, in the log below`;
}
