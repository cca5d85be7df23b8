import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { EngineError } from '../engine/errors';
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

/**
 * Returns what process 1 of a container has printed so far.
 *
 * @param options `stream`, default both; `tail`, the number of last lines to return, default all
 * @throws EngineError `CONNECTION_LOST` if the log may be cut short; `ENGINE_NOT_AN_ENGINE` for bytes that are not a
 * log
 */
export async function readLogs(
  docker: Docker.Container,
  options: LogOptions & { tail?: number } = {},
): Promise<string> {
  const pieces: Buffer[] = [];
  const frames = frameReader((_, bytes) => void pieces.push(bytes));
  const log = await openLog(docker, options);
  try {
    for await (const chunk of log) frames.read(chunk as Buffer);
  } catch (error) {
    throw error instanceof EngineError ? error : logCutShort(error);
  }
  if (!frames.isWhole()) throw logCutShort();
  return Buffer.concat(pieces).toString();
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
function openLog(
  docker: Docker.Container,
  { stream, tail }: LogOptions & { tail?: number },
): Promise<Readable> {
  const streams = { stdout: stream !== 'stderr', stderr: stream !== 'stdout' };
  const modem = docker.modem as Modem;
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `/containers/${docker.id}/logs?`,
        method: 'GET',
        isStream: true,
        options: { ...streams, ...(tail === undefined ? {} : { tail }) },
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
