import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inContainer } from '../../container/container-state';
import { logCutShort, readOutput, type LogPart } from '../../container/logs';
import type { StartedContainer } from '../../container/started-container';
import { EngineError } from '../../engine/errors';
import { readFrames, type OutputStream } from '../../engine/framed-stream';
import { isPodman } from '../../engine/info';
import { statusOf } from '../../support/errors';

/** A log that is open. */
export interface OpenLog {
  /** The answer of the engine, to pause it or to close it. */
  readonly stream: Readable;
  /**
   * Listens to the log, once. Returns when the log is over.
   *
   * @returns an error if the rest of the log is unknown
   */
  listen(onOutput: (stream: OutputStream, bytes: Buffer) => void): Promise<EngineError | undefined>;
}

/**
 * Opens a log from the beginning, or from the last start if the container was started again.
 *
 * Source: Docker Engine API, "Get container logs". The log of a container with a terminal has no frames.
 *
 * @throws ContainerError, EngineError
 */
export async function openLog(container: StartedContainer): Promise<OpenLog> {
  return inContainer(container, async () => {
    const { State, Config } = await container.docker.inspect();
    const since = State.Running ? engineTime(State.FinishedAt) : undefined;
    // dockerode sends a parameter that is undefined as an empty one, which Podman refuses.
    const sinceStart = since === undefined ? {} : { since };
    const follow = async (abortSignal: AbortSignal): Promise<Readable> => {
      const wanted = { stdout: true, stderr: true, follow: true as const, ...sinceStart, abortSignal };
      // The answer to an HTTP request; dockerode's types say less.
      return (await container.docker.logs(wanted)) as unknown as Readable;
    };
    const stream = (await isPodman()) ? answeredLater(follow) : await follow(neverAborted);
    return {
      stream,
      listen: async (onOutput) => {
        const seen = { stdout: 0, stderr: 0 };
        const broken = await listenTo(stream, Config.Tty, (name, bytes) => {
          seen[name] += bytes.length;
          onOutput(name, bytes);
        });
        if (broken !== undefined || !stream.readableEnded) return broken;
        return passOnRest(container, sinceStart, seen, onOutput);
      },
    };
  });
}

const neverAborted = new AbortController().signal;

/** Returns a stream at once for an answer that comes with the first output only, as Podman's does. */
function answeredLater(follow: (abort: AbortSignal) => Promise<Readable>): Readable {
  const stream = new PassThrough();
  const closed = new AbortController();
  stream.once('close', () => closed.abort());
  follow(closed.signal)
    .then((answer) => pipeline(answer, stream))
    .catch((error: unknown) => stream.destroy(error as Error));
  return stream;
}

/** Resolves when the stream is over: with an error if the connection broke. */
function listenTo(
  stream: Readable,
  hasTerminal: boolean,
  onOutput: (stream: OutputStream, bytes: Buffer) => void,
): Promise<EngineError | undefined> {
  const frames = hasTerminal ? undefined : readFrames(stream, onOutput);
  if (hasTerminal) stream.on('data', (bytes: Buffer) => onOutput('stdout', bytes));
  return new Promise((resolve) => {
    stream.on('error', (error) => resolve(error instanceof EngineError ? error : logCutShort(error)));
    stream.on('end', () => resolve(frames?.isWhole() === false ? logCutShort() : undefined));
    stream.on('close', () => resolve(undefined));
  });
}

/**
 * Passes on what a container has printed at its very end. An engine that follows a log misses that often: Docker 20.10
 * ends the answer when the container ends, and not when its log does.
 *
 * @param seen how much of each stream has come, in bytes
 */
async function passOnRest(
  container: StartedContainer,
  sinceStart: Pick<LogPart, 'since'>,
  seen: Record<OutputStream, number>,
  onOutput: (stream: OutputStream, bytes: Buffer) => void,
): Promise<EngineError | undefined> {
  const left = { ...seen };
  try {
    for (const { stream, bytes } of await readOutput(container.docker, sinceStart)) {
      const rest = bytes.subarray(left[stream]);
      left[stream] = Math.max(0, left[stream] - bytes.length);
      if (rest.length > 0) onOutput(stream, rest);
    }
    return undefined;
  } catch (error) {
    // The container is gone, or going (409), and its log with it.
    if (container.removal.aborted || [404, 409].includes(statusOf(error) ?? 0)) return undefined;
    return error instanceof EngineError ? error : logCutShort(error);
  }
}

/**
 * Converts a time of the engine's JSON, of any time zone, for a query, in seconds with nanoseconds; undefined for
 * "never".
 */
function engineTime(text: string): string | undefined {
  const seconds = Math.floor(Date.parse(text) / 1000);
  const [, fraction = '0'] = /\.(\d+)/.exec(text) ?? [];
  return seconds > 0 ? `${seconds}.${fraction.padEnd(9, '0')}` : undefined;
}
