import type Docker from 'dockerode';
import { statusOf } from '../support/errors';
import { EngineError } from './errors';
import { clearTimeout, setTimeout } from '../support/time';

/** A client of an engine, or of one of its containers. */
type Client = Pick<Docker, 'modem'>;

/** The pause between the engine's last answer and the next ping, in milliseconds. */
const interval = 5000;

/** How long the engine may take to answer a ping, in milliseconds. A busy engine takes one. */
const silenceLimitMs = 10_000;

/**
 * Waits for work of an engine, however long it takes, as long as the engine answers pings. So an engine that hangs does
 * not make its caller hang.
 *
 * @param client a client of the engine
 * @throws EngineError `ENGINE_UNREACHABLE` if the engine stops answering; also whatever `work` rejects with
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

/** Engine API, "Ping". An error status from the engine is an answer too. */
async function ping({ modem }: Client, over: AbortSignal): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), silenceLimitMs);
  const abortSignal = AbortSignal.any([over, limit.signal]);
  const error = await failureOf(modem, { path: '/_ping', method: 'GET', abortSignal });
  clearTimeout(timer);
  if (error !== undefined && !over.aborted && statusOf(error) === undefined) throw hangs(error);
}

/** docker-modem's types lack this method. */
interface Modem {
  dial(request: object, answer: (error: unknown) => void): void;
}

/** Returns the error of a request; undefined if the request succeeds. */
function failureOf(modem: Modem, request: object): Promise<unknown> {
  return new Promise((resolve) => {
    modem.dial({ ...request, statusCodes: { 200: true } }, (error) => resolve(error ?? undefined));
  });
}

function hangs(cause: unknown): EngineError {
  return new EngineError(
    'ENGINE_UNREACHABLE',
    `The engine did not answer for ${silenceLimitMs / 1000} s: it hangs, or a signal stopped it. Look at its log ` +
      '(journalctl -u docker) and restart it.',
    { cause },
  );
}
