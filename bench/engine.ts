import { Writable } from 'node:stream';
import type Docker from 'dockerode';

/** What a command printed and how it ended. */
interface Exec {
  stdout: Buffer;
  exitCode: number;
}

/**
 * A command by the engine's API alone: create an exec, start it, read its output, ask for its exit code.
 *
 * @param input what it reads on standard input. Default: none is attached
 */
async function engineExec(
  docker: Docker,
  container: Docker.Container,
  command: readonly string[],
  input?: Buffer,
): Promise<Exec> {
  const attachStdin = input !== undefined;
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: attachStdin,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: attachStdin });
  const chunks: Buffer[] = [];
  docker.modem.demuxStream(stream, into(chunks), into([]));
  const ended = new Promise<void>((resolve, reject) => {
    stream.once('end', resolve).once('error', reject);
  });
  if (input !== undefined) stream.end(input);
  await ended;
  stream.destroy();
  const { ExitCode: exitCode } = await exec.inspect();
  return { stdout: Buffer.concat(chunks), exitCode: exitCode ?? -1 };
}

/** @throws Error if the command failed: a failed command has no speed */
export async function engineRun(
  docker: Docker,
  container: Docker.Container,
  command: readonly string[],
  input?: Buffer,
): Promise<Buffer> {
  const { stdout, exitCode } = await engineExec(docker, container, command, input);
  if (exitCode !== 0) throw new Error(`engine exec of ${command.join(' ')} ended with exit code ${exitCode}`);
  return stdout;
}

/** A container by the engine's API alone, with the same idle command that plain testcontainers is given. */
export async function engineStart(
  docker: Docker,
  image: string,
  labels: Record<string, string>,
  hostConfig: Docker.HostConfig = {},
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['sleep', 'infinity'],
    Entrypoint: [],
    Labels: labels,
    HostConfig: hostConfig,
  });
  await container.start();
  return container;
}

export async function engineRemove(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true });
}

function into(chunks: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
}
