import { Readable } from 'node:stream';
import { inContainer, requireRunning } from '../../container/container-state';
import { logCutShort } from '../../container/logs';
import type { StartedContainer } from '../../container/started-container';
import { EngineError } from '../../engine/errors';
import { readFrames, type OutputStream } from '../../engine/framed-stream';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { wholeNumberOf } from '../../support/options/option-checks';
import { createLineReader } from './line-reader';

/** Which part of a log is followed. */
export interface FollowLogsOptions {
  /** The number of last lines that come first; 0 begins with what process 1 prints next. Default: all lines. */
  tail?: number;
}

const checks = { tail: wholeNumberOf('lines') } satisfies OptionChecks<FollowLogsOptions>;

/** The lines of a log, as they come. The end of a `for await` loop closes it. */
export interface FollowedLog extends AsyncIterable<string>, AsyncDisposable {
  /** Stops following: a loop over the lines ends. Safe to call again. */
  close(): void;
}

/**
 * Follows a container's log. The log is over when the container ends or is removed.
 *
 * @throws InvalidOptionError
 */
export function followLogs(container: StartedContainer, options: FollowLogsOptions = {}): FollowedLog {
  checkOptions(options, checks);
  let source: Readable | undefined;
  let isOver = false;
  const lines = new Readable({ objectMode: true, read: () => void source?.resume() });
  const close = (): void => {
    if (!isOver) lines.push(null);
    isOver = true;
    source?.destroy();
    container.removal.removeEventListener('abort', close);
  };
  const fail = (error: unknown): void => {
    if (!isOver) lines.destroy(error as Error);
    close();
  };
  // The loop gets the error. Without a loop, it must count as handled.
  lines.on('error', () => undefined).on('close', close);
  container.removal.addEventListener('abort', close, { once: true });
  if (container.removal.aborted) close();
  const follow = async (): Promise<void> => {
    const log = await openLog(container, options);
    source = log.stream;
    const reader = createLineReader((line) => {
      if (!isOver && !lines.push(line)) log.stream.pause();
    });
    log.listen(
      (stream, bytes) => reader.add(stream, bytes),
      (error) => {
        reader.end();
        if (error === undefined) close();
        else void requireRunning(container).then(() => fail(error), fail);
      },
    );
    if (isOver) close();
  };
  follow().catch(fail);
  return {
    [Symbol.asyncIterator]: () => lines[Symbol.asyncIterator]() as AsyncIterator<string>,
    close,
    [Symbol.asyncDispose]: () => {
      close();
      return Promise.resolve();
    },
  };
}

/** A log that is open. */
export interface OpenLog {
  /** The answer of the engine, to pause it or to close it. */
  readonly stream: Readable;
  /**
   * Listens to the log, once.
   *
   * @param onEnd called once, with an error if the rest of the log is unknown
   */
  listen(onOutput: (stream: OutputStream, bytes: Buffer) => void, onEnd: (error?: EngineError) => void): void;
}

/**
 * Opens a log from the beginning, or from the last start if the container was started again.
 *
 * Source: Docker Engine API, "Get container logs". The log of a container with a terminal has no frames.
 *
 * @throws ContainerError, EngineError
 */
export async function openLog(
  container: StartedContainer,
  { tail }: FollowLogsOptions = {},
): Promise<OpenLog> {
  return inContainer(container, async () => {
    const { State, Config } = await container.docker.inspect();
    const since = State.Running ? engineTime(State.FinishedAt) : undefined;
    const wanted = {
      stdout: true,
      stderr: true,
      follow: true as const,
      since,
      ...(tail === undefined ? {} : { tail }),
    };
    // The answer to an HTTP request; dockerode's types say less.
    const stream = (await container.docker.logs(wanted)) as unknown as Readable;
    return { stream, listen: (onOutput, onEnd) => listenTo(stream, Config.Tty, onOutput, onEnd) };
  });
}

function listenTo(
  stream: Readable,
  hasTerminal: boolean,
  onOutput: (stream: OutputStream, bytes: Buffer) => void,
  onEnd: (error?: EngineError) => void,
): void {
  const frames = hasTerminal ? undefined : readFrames(stream, onOutput);
  if (hasTerminal) stream.on('data', (bytes: Buffer) => onOutput('stdout', bytes));
  let isOver = false;
  const end = (error?: EngineError): void => {
    if (!isOver) onEnd(error);
    isOver = true;
  };
  stream.on('error', (error: unknown) => end(error instanceof EngineError ? error : logCutShort(error)));
  stream.on('end', () => end(frames?.isWhole() === false ? logCutShort() : undefined));
  stream.on('close', () => end());
}

/** Converts a time of the engine's JSON for a query, in seconds with nanoseconds; undefined for "never". */
function engineTime(text: string): string | undefined {
  const seconds = Math.floor(Date.parse(text) / 1000);
  const [, fraction = '0'] = /\.(\d+)Z$/.exec(text) ?? [];
  return seconds > 0 ? `${seconds}.${fraction.padEnd(9, '0')}` : undefined;
}
