import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for the first piece of output of a program that runs on afterwards.
 *
 * @param program its standard output is a pipe; if its standard error is one, too, it is passed on to this process's
 * @throws Error if the program can't be started, or ends before it prints anything: its standard error is in the
 * message
 */
export async function firstOutput(program: ChildProcess): Promise<string> {
  const { stdout, stderr } = program;
  if (stdout === null) throw new Error('The standard output of the program is not a pipe.');
  let errorOutput = '';
  stderr?.on('data', (chunk: Buffer) => {
    errorOutput += chunk.toString();
    process.stderr.write(chunk);
  });
  const over = new AbortController();
  const ended = async (): Promise<never> => {
    const [code, signal] = (await once(program, 'close', { signal: over.signal })) as [
      number | null,
      string | null,
    ];
    throw new Error(`The program ended with ${code ?? signal} before it printed anything:\n${errorOutput}`);
  };
  try {
    const [printed] = (await Promise.race([once(stdout, 'data', { signal: over.signal }), ended()])) as [
      Buffer,
    ];
    return printed.toString();
  } finally {
    over.abort();
  }
}
