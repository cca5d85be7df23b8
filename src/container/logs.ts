import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { EngineError } from '../engine/errors';
import { connectionLost, frameReader, type OutputStream } from '../engine/framed-stream';
import { messageOf } from '../support/errors';
import type { OptionChecks } from '../support/options/check-options';
import { oneOf } from '../support/options/option-checks';

/** Which part of a log is read. */
export interface LogOptions {
  /** Only standard output, or only standard error. Default: both together, as they came. */
  stream?: OutputStream;
}

export const logChecks = { stream: oneOf(['stdout', 'stderr']) } satisfies OptionChecks<LogOptions>;

/** Which part of a log belljar itself reads. */
export interface LogPart extends LogOptions {
  /** The number of last lines. Default: all lines. */
  tail?: number;
  /** The time of the first line, as the engine takes it: seconds since 1970, with nanoseconds. Default: the start. */
  since?: string;
}

/** A piece of a log. */
export interface LogPiece {
  stream: OutputStream;
  bytes: Buffer;
}

/**
 * Returns what process 1 of a container has printed so far.
 *
 * @param part `stream`, default both; `tail`, the number of last lines to return, default all
 * @throws EngineError `CONNECTION_LOST` if the log may be cut short; `ENGINE_NOT_AN_ENGINE` for bytes that are not a
 * log
 */
export async function readLogs(docker: Docker.Container, part: LogPart = {}): Promise<string> {
  const pieces = await readOutput(docker, part);
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString();
}

/**
 * Does what {@link readLogs} does, and tells the streams apart. The log of a terminal is one stream, without frames.
 *
 * @throws EngineError as {@link readLogs}
 */
export async function readOutput(docker: Docker.Container, part: LogPart): Promise<LogPiece[]> {
  const chunks: Buffer[] = [];
  const log = await openLog(docker, part);
  try {
    for await (const chunk of log) chunks.push(chunk as Buffer);
  } catch (error) {
    throw logCutShort(error);
  }
  const bytes = Buffer.concat(chunks);
  try {
    return withoutFrames(bytes);
  } catch (error) {
    if ((await docker.inspect()).Config.Tty) return [{ stream: 'stdout', bytes }];
    throw error;
  }
}

function withoutFrames(bytes: Buffer): LogPiece[] {
  const pieces: LogPiece[] = [];
  const frames = frameReader((stream, piece) => pieces.push({ stream, bytes: piece }));
  frames.read(bytes);
  if (!frames.isWhole()) throw logCutShort();
  return pieces;
}

/** Returns the error for a connection that ended before the log did. */
export function logCutShort(cause?: unknown): EngineError {
  const why = cause === undefined ? '' : ` (${messageOf(cause)})`;
  return connectionLost(`a container's log${why}. The rest of the log is unknown`, { cause });
}

/**
 * Asks for a log as a stream (Engine API, "Get container logs"). dockerode returns a stream only for a log that is
 * followed. For any other log, its promise never settles if the connection breaks.
 */
function openLog(docker: Docker.Container, { stream, tail, since }: LogPart): Promise<Readable> {
  const streams = { stdout: stream !== 'stderr', stderr: stream !== 'stdout' };
  const modem = docker.modem as Modem;
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `/containers/${docker.id}/logs?`,
        method: 'GET',
        isStream: true,
        options: {
          ...streams,
          ...(tail === undefined ? {} : { tail }),
          ...(since === undefined ? {} : { since }),
        },
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      },
      (error, log) => {
        if (error === null) resolve(log);
        else reject(error);
      },
    );
  });
}

/** docker-modem, which has no types for this. */
interface Modem {
  dial(request: object, answer: (error: Error | null, log: Readable) => void): void;
}
