import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { connectEngine } from '../../src/engine/connect/connection';
import { layoutOf, type Layout } from '../../src/engine/private/layout';
import { removePrivateEngine } from '../../src/engine/private/clean-up';
import { processesOf } from '../../src/engine/private/machine/processes';
import type { StartPrivateEngineOptions } from '../../src/engine/private/options';
import type { PrivateEngine } from '../../src/engine/private/private-engine';
import { poll } from '../../src/support/poll';
import { resolveImage } from '../../src/image/sources/resolve';
import type { Answer, Order } from './private-driver';

/** A name that no other run on this machine uses. */
export function uniqueName(about: string): string {
  return `spec-${process.pid}-${about}`;
}

/** The options and directories of one private engine. Disposing removes them, with all traces of the engine. */
export interface EngineRoom extends AsyncDisposable {
  /** A directory for whatever the spec needs. */
  path: string;
  options: Required<Pick<StartPrivateEngineOptions, 'name' | 'dataRoot' | 'runDirectory' | 'use'>>;
  layout: Layout;
}

/** A separate run directory, so that no other process sweeps what a spec leaves on purpose. */
export function engineRoom(): EngineRoom {
  const path = mkdtempSync(join(tmpdir(), 'belljar-spec-'));
  const options = { name: 'spec', dataRoot: join(path, 'data'), runDirectory: join(path, 'run'), use: false };
  const layout = layoutOf(options);
  return {
    path,
    options,
    layout,
    [Symbol.asyncDispose]: async () => {
      await removePrivateEngine(layout, { dataRoot: options.dataRoot, keepData: false });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** An API client for an engine at a socket. */
export function clientOf({ socket }: { socket: string }): Docker {
  return new Docker({ socketPath: socket, protocol: 'http', host: undefined, port: undefined });
}

/** Copies the image that the specs use into another engine. Returns its name there. */
export async function copyImage(to: Docker): Promise<string> {
  const { docker } = await connectEngine();
  const { reference } = await resolveImage();
  const archive = await docker.getImage(reference).get();
  const answer = await to.loadImage(archive);
  await finished(to, answer);
  return reference;
}

function finished(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

/** Puts an image with one file into an engine, which takes no time. The image holds no program. Returns its name. */
export async function importTiny(docker: Docker): Promise<string> {
  const archive = pack();
  archive.entry({ name: 'hello' }, 'hello');
  archive.finalize();
  const importing: unknown = await docker.importImage(archive as unknown as NodeJS.ReadableStream, {
    repo: 'tiny',
    tag: 'latest',
  });
  await finished(docker, importing as NodeJS.ReadableStream);
  return 'tiny:latest';
}

/** Starts a long-running container. */
export async function startIdle(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const container = await docker.createContainer({ Cmd: ['sleep', 'infinity'], ...options });
  await container.start();
  return container;
}

/** Runs a shell command (bash) in a container. Returns its output and how it ended. */
export async function runIn(
  container: Docker.Container,
  script: string,
): Promise<{ exitCode: number | null; output: string }> {
  const exec = await container.exec({
    Cmd: ['bash', '-c', script],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ Tty: true });
  let output = '';
  for await (const chunk of stream) output += String(chunk);
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode, output };
}

/** A shell command that prints what a server answers to `GET /`; it needs no program but bash. */
export function httpGet(host: string, port: number): string {
  return `exec 3<>/dev/tcp/${host}/${port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
}

/** Starts a container that answers every request on port 80, and waits until it does; it needs no program but perl. */
export async function startServer(
  docker: Docker,
  text: string,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const script = [
    'use Socket; socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);',
    'bind(S, sockaddr_in(80, INADDR_ANY)) or die; listen(S, 9);',
    'while (accept(C, S)) { sysread C, $x, 4096; syswrite C, "HTTP/1.0 200 OK\\r\\n\\r\\n$ARGV[0]"; close C }',
  ];
  const container = await startIdle(docker, { ...options, Cmd: ['perl', '-e', script.join(' '), text] });
  const isServing = async (): Promise<boolean> =>
    (await runIn(container, httpGet('127.0.0.1', 80))).output.endsWith(text);
  await poll(isServing, { for: 'the container to serve', timeout: 30_000 });
  return container;
}

/** Lists the traces of a private engine on this machine, one line each. Empty once the engine is stopped. */
export async function tracesOf(layout: Layout): Promise<string[]> {
  const processes = processesOf(layout).map((pid) => `process ${pid}`);
  const looks = [
    `ip -oneline link | grep -o '${layout.bridge}[^:]*'`,
    `iptables-save | grep '${layout.chain}'`,
    `find /sys/fs/cgroup -type d -name '${layout.cgroup}'`,
    `ls -d '${layout.directory}'`,
    `grep '${layout.directory}' /proc/self/mounts`,
  ];
  const found = await Promise.all(looks.map((look) => execa('sh', ['-c', look], { reject: false })));
  return [...processes, ...found.flatMap(({ stdout }) => stdout.split('\n'))].filter((line) => line !== '');
}

/** A process that starts private engines when it is told to, see private-driver.ts. */
export interface Driver extends AsyncDisposable {
  process: ChildProcess;
  start(
    options: StartPrivateEngineOptions,
  ): Promise<Pick<PrivateEngine, 'socket' | 'pid' | 'dataRoot' | 'subnet'>>;
  stop(): Promise<void>;
  /** Takes another user's rights permanently. */
  become(user: number): Promise<void>;
  /** Serves a string on a port of its network. Returns the port. */
  serve(text: string): Promise<number>;
}

/**
 * @param wrapper a command that runs the driver in a place of its own: `nsenter --net=…`
 */
export function startDriver(wrapper: readonly string[] = []): Driver {
  const node = [process.execPath, '-r', 'ts-node/register/transpile-only'];
  const [execPath = '', ...execArgv] = [...wrapper, ...node];
  // Detached: a process group of its own, as each command in a terminal has one.
  const child = fork(join(__dirname, 'private-driver.ts'), {
    execPath,
    execArgv,
    detached: true,
    stdio: 'inherit',
  });
  return {
    process: child,
    start: (options) => tell(child, { do: 'start', options }) as ReturnType<Driver['start']>,
    stop: () => tell(child, { do: 'stop' }) as Promise<void>,
    become: (user) => tell(child, { do: 'become', user }) as Promise<void>,
    serve: (text) => tell(child, { do: 'serve', text }) as Promise<number>,
    [Symbol.asyncDispose]: () => endOf(child, 'SIGKILL'),
  };
}

/** The error of a driver that could not do as requested. */
export class DriverError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

function tell(child: ChildProcess, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`The driver ended while it was told to ${order.do}.`));
    child.once('exit', gone);
    child.once('message', (answer: Answer) => {
      child.off('exit', gone);
      if ('done' in answer) resolve(answer.done);
      else reject(new DriverError(answer.failed.message, answer.failed.code));
    });
    child.send(order);
  });
}

/** Ends a process by a signal to its whole group, as Ctrl-C does, and waits until it is gone. */
export function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    child.once('exit', () => resolve());
    process.kill(-child.pid, signal);
  });
}
