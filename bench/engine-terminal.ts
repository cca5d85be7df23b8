import { once } from 'node:events';
import type Docker from 'dockerode';

/** A program on a terminal by the engine's API alone. */
export interface EngineTerminal extends AsyncDisposable {
  /** Types a key and waits for any output. */
  echo(key: string): Promise<void>;
}

/** Starts it, and waits for its first output: a shell's prompt. */
export async function engineTerminal(
  container: Docker.Container,
  command: readonly string[],
): Promise<EngineTerminal> {
  const exec = await container.exec({
    Cmd: [...command],
    Tty: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
  await once(stream, 'data');
  return {
    echo: async (key) => {
      const answer = once(stream, 'data');
      stream.write(key);
      await answer;
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(stream, 'close');
      stream.destroy();
      await closed;
    },
  };
}
