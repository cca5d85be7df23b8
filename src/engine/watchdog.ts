import type Docker from 'dockerode';
import { statusOf } from '../support/errors';
import { EngineError } from './errors';

/** A client of an engine, or of one of its containers. */
type Client = Pick<Docker, 'modem'>;

/** How long after the last answer the engine is asked whether it still lives, in milliseconds. */
const interval = 5000;

/** How long it may take to answer that, in milliseconds: a busy one does it in one. */
const silenceLimitMs = 10_000;

/**
 * Waits for something that an engine does, however long it takes, as long as the engine answers at all: one that hangs
 * must not hang whoever waits.
 *
 * @param client how the engine is reached
 * @throws EngineError `ENGINE_UNREACHABLE` where it has stopped answering; whatever `work` rejects with
 */
export async function withEngineWatchdog<Value>(client: Client, work: Promise<Value>): Promise<Value> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const ask = (): void => void ping(client, over.signal).then(wait, reject);
    const wait = (): void => {
      if (!over.signal.aborted) timer = setTimeout(ask, interval);
    };
    wait();
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    over.abort();
    clearTimeout(timer);
  }
}

/** Engine API, "Ping". An error that the engine answers is an answer. */
async function ping({ modem }: Client, over: AbortSignal): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), silenceLimitMs);
  const abortSignal = AbortSignal.any([over, limit.signal]);
  const error = await failureOf(modem, { path: '/_ping', method: 'GET', abortSignal });
  clearTimeout(timer);
  if (error !== undefined && !over.aborted && statusOf(error) === undefined) throw hangs(error);
}

/** docker-modem, which has no types for this. */
interface Modem {
  dial(request: object, answer: (error: unknown) => void): void;
}

/** What a request fails with; undefined where it does not. */
function failureOf(modem: Modem, request: object): Promise<unknown> {
  return new Promise((resolve) => {
    modem.dial({ ...request, statusCodes: { 200: true } }, (error) => resolve(error ?? undefined));
  });
}

function hangs(cause: unknown): EngineError {
  return new EngineError(
    'ENGINE_UNREACHABLE',
    `The engine has not answered for ${silenceLimitMs / 1000} s: it hangs, or was stopped by a signal. Look at its log ` +
      '(journalctl -u docker), restart it.',
    { cause },
  );
}
