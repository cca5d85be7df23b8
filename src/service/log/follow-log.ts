import { Readable } from 'node:stream';
import { requireRunning } from '../../container/container-state';
import type { StartedContainer } from '../../container/started-container';
import { createLineReader } from './line-reader';
import { openLog } from './open-log';

/** The lines of a log, as they come. The end of a `for await` loop closes it. */
export interface FollowedLog extends AsyncIterable<string>, AsyncDisposable {
  /** Stops following: a loop over the lines ends. Safe to call again. */
  close(): void;
}

/** Follows a container's log. The log is over when the container ends or is removed. */
export function followLogs(container: StartedContainer): FollowedLog {
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
    const log = await openLog(container);
    source = log.stream;
    if (isOver) {
      close();
      return;
    }
    const reader = createLineReader((line) => {
      if (!isOver && !lines.push(line)) log.stream.pause();
    });
    const broken = await log.listen((stream, bytes) => reader.add(stream, bytes));
    reader.end();
    // The container or the engine has gone, or the connection alone.
    if (broken !== undefined) await requireRunning(container);
    if (broken === undefined) close();
    else fail(broken);
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
