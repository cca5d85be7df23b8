/** A line of the engine's report on a pull, load or build (Engine API, `POST /images/create`, `POST /build`). */
export interface EngineMessage {
  status?: string;
  id?: string;
  stream?: string;
  progressDetail?: { current?: number; total?: number };
  /** The image that has been built so far. */
  aux?: { ID?: string };
  error?: string;
  errorDetail?: { message?: string };
}

/**
 * Yields the lines of the engine's report as they arrive. Leaving the loop early closes the connection, which cancels
 * the work.
 *
 * @throws the error that the engine reports, or the error of a broken connection
 */
export async function* engineMessages(stream: NodeJS.ReadableStream): AsyncGenerator<EngineMessage> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseMessage(line);
  }
  if (rest.trim() !== '') yield parseMessage(rest);
}

function parseMessage(line: string): EngineMessage {
  const message = JSON.parse(line) as EngineMessage;
  const error = message.errorDetail?.message ?? message.error;
  if (error !== undefined) throw new Error(error);
  return message;
}
