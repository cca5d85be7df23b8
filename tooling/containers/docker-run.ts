import { Image } from '../../src';
import { frameReader } from '../../src/engine/framed-stream';
import { connectEngine } from '../../src/engine/connect/connection';
import { labelsOf } from '../../src/ownership/labels';
import { currentRun } from '../../src/ownership/run';
import { poll } from '../../src/support/poll';

/** What `docker run` with those flags has started: a container whose own process is the image's shell. */
export interface DockerRun extends AsyncDisposable {
  /** The container's short id. */
  readonly id: string;
  /** All output so far. */
  readonly output: string;
  /** Writes to the container's standard input, as a keyboard would. */
  type(text: string): void;
  /** Waits until a string is in the output. */
  waitFor(text: string): Promise<void>;
  /** Waits until the shell has ended, and returns its exit code. */
  exit(): Promise<number>;
  /** Runs a script beside the shell, as `docker exec` does. */
  exec(script: string): Promise<void>;
}

/**
 * `docker run FLAGS ubuntu:20.04`, as the docker program does it: create, attach, start (Engine API). `-i` keeps the
 * container's standard input open, `-t` gives it a terminal.
 */
export async function dockerRun(flags: '-it' | '-i' | '-t' | ''): Promise<DockerRun> {
  const { docker } = await connectEngine();
  const { id: image } = await Image.resolve();
  const tty = flags.includes('t');
  const container = await docker.createContainer({
    Image: image,
    OpenStdin: flags.includes('i'),
    StdinOnce: flags.includes('i'),
    Tty: tty,
    Labels: labelsOf(currentRun()),
  });
  const attach = {
    stream: true,
    stdin: true,
    stdout: true,
    stderr: true,
    hijack: true,
  };
  const stream = await container.attach(attach);
  let output = '';
  const keep = (bytes: Buffer): void => void (output += bytes.toString());
  const frames = frameReader((_, bytes) => keep(bytes));
  if (tty) stream.on('data', keep);
  else stream.on('data', (chunk: Buffer) => frames.read(chunk));
  await container.start();
  return {
    id: container.id.slice(0, 12),
    get output() {
      return output;
    },
    type: (text) => void stream.write(text),
    waitFor: async (text) => {
      await poll(() => output.includes(text), {
        for: `${JSON.stringify(text)} to come out`,
        timeout: 10_000,
      });
    },
    exit: async () => ((await container.wait()) as { StatusCode: number }).StatusCode,
    exec: async (script) => {
      const exec = await container.exec({ Cmd: ['sh', '-c', script], AttachStdout: true });
      (await exec.start({})).resume();
    },
    [Symbol.asyncDispose]: async () => {
      await container.remove({ force: true, v: true });
    },
  };
}
