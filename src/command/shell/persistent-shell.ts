import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import type { CommandRequest } from '../transport';
import { exitState } from '../exec/exec-state';
import { cutShort, readFrames, type OutputStream } from '../../engine/framed-stream';
import { NotStarted } from '../errors';
import { createExec } from '../exec/create-exec';
import { startExec } from '../exec/start-exec';
import { refusedStart } from '../exec/start-problem';
import { EngineError } from '../../engine/errors';
import { holdShellError } from './exec-error-filter';
import { commandLine, type Unsupported } from './line';
import { readSentinels } from './sentinels';
import { shellScript } from './script';
import { clearTimeout, setTimeout } from '../../support/time';

/** The outcome of a command in a persistent shell. */
type ShellOutcome =
  | { exitCode: number }
  /** It was not started, and nothing was done. */
  | Unsupported
  /** The shell ended while the command ran. */
  | 'lost'
  /** The shell's output is malformed, or ends within a frame. */
  | { broken: Error };

/** The part of a request that a shell needs. */
type ShellRequest = Omit<CommandRequest, 'stop' | 'stoppable' | 'user' | 'via'>;

/** A `/bin/sh` in a container that one exec holds open. It runs one command after another. */
export interface PersistentShell {
  readonly exec: Docker.Exec;
  /** Its process id in the container. */
  readonly pid: number;
  /** Whether it may kill every process of the container. */
  readonly isRoot: boolean;
  /** Whether the user database is as it was when the container started, and so when the engine looked the user up. */
  readonly usersAreSettled: boolean;
  /** Whether it can run another command. */
  readonly usable: boolean;
  /** Runs a command; one at a time. */
  run(request: ShellRequest): Promise<ShellOutcome>;
  /** Ends the shell. A running command is lost. */
  close(): void;
}

/** The most output after a command's end that is read, in bytes. */
const maxLateBytes = 16_000;

/** How long a `/bin/sh` may take to answer, in milliseconds. A slower one is not used. */
const handshakeTimeoutMs = 30_000;

/**
 * Opens a shell by an exec, as a user (default: the container's).
 *
 * @returns `none` if no shell can be held open: no `/bin/sh`, no such user; `killed` if it was killed before it could
 * answer; `outdated` if the user database changed meanwhile
 * @throws ContainerError if the container is not running or was removed
 */
export async function openShell(
  container: StartedContainer,
  user: string | undefined,
): Promise<PersistentShell | 'none' | 'killed' | 'outdated'> {
  const opened = await startShell(container, user);
  if (opened === 'none') return opened;
  const { exec, stream } = opened;
  const connection = holdConnection(container, stream);
  const limit = setTimeout(() => connection.close(), handshakeTimeoutMs);
  try {
    const handshake = await shakeHands(connection);
    if (typeof handshake === 'object') return createPersistentShell(exec, connection, handshake);
    const hasEnded = !connection.open;
    connection.close();
    return hasEnded && (await wasKilled(container, exec)) ? 'killed' : handshake;
  } finally {
    clearTimeout(limit);
  }
}

async function startShell(
  container: StartedContainer,
  user: string | undefined,
): Promise<{ exec: Docker.Exec; stream: Duplex } | 'none'> {
  const shell = { argv: ['/bin/sh', '-c', shellScript, 'belljar'], env: {}, cwd: undefined, user };
  try {
    const exec = await createExec(container, shell, { stdin: true });
    return { exec, stream: await startExec(container, exec, { stdin: true }) };
  } catch (error) {
    if (refusedStart(error, shell) instanceof NotStarted) return 'none';
    throw error;
  }
}

async function wasKilled(container: StartedContainer, exec: Docker.Exec): Promise<boolean> {
  const { ExitCode } = await exitState(container, exec);
  return (ExitCode ?? 0) > 128;
}

interface ShellConnection {
  readonly open: boolean;
  write(data: string | Uint8Array): void;
  endInput(): void;
  /** Sets the receivers of the output and of its end, while a command runs. */
  listen(onPiece: (stream: OutputStream, bytes: Buffer) => void, onEnd: (broken?: Error) => void): void;
  /** Ends the input, and passes on what still comes. The stream does not keep Node.js alive meanwhile. */
  drain(onPiece: (stream: OutputStream, bytes: Buffer) => void): void;
  /** Waits for the next command: until then, the stream does not keep Node.js alive. */
  rest(): void;
  close(): void;
}

function holdConnection(container: StartedContainer, stream: Duplex): ShellConnection {
  const socket = stream as Partial<Socket>;
  let open = true;
  let hear: (stream: OutputStream, bytes: Buffer) => void = ignore;
  let end: (broken?: Error) => void = ignore;
  const close = (broken?: Error): void => {
    open = false;
    container.removal.removeEventListener('abort', closeNow);
    stream.destroy();
    end(broken);
  };
  const closeNow = (): void => close();
  container.removal.addEventListener('abort', closeNow, { once: true });
  const frames = readFrames(stream, (name, bytes) => hear(name, bytes));
  // Another error only comes with the end. The state of the container, which is read then, tells why.
  stream.on('error', (error: Error) => close(error instanceof EngineError ? error : undefined));
  stream.on('end', () => close(frames.isWhole() ? undefined : cutShort())).on('close', closeNow);
  if (container.removal.aborted) close();
  return {
    get open() {
      return open;
    },
    write: (data) => void stream.write(data),
    endInput: () => void stream.end(),
    listen: (onPiece, onEnd) => {
      socket.ref?.();
      hear = onPiece;
      end = onEnd;
      if (!open) onEnd();
    },
    drain: (onPiece) => {
      socket.unref?.();
      end = ignore;
      hear = onPiece;
      stream.end();
    },
    rest: () => {
      socket.unref?.();
      end = ignore;
      // Output that comes now belongs to no command: the shell can't be used again.
      hear = closeNow;
    },
    close,
  };
}

interface Handshake {
  pid: number;
  isRoot: boolean;
  usersAreSettled: boolean;
  directory: string;
}

/**
 * Waits for the shell's first sentinel. Then checks that a command gets the very environment that the engine gave the
 * shell.
 */
async function shakeHands(connection: ShellConnection): Promise<Handshake | 'none' | 'outdated'> {
  const secret = newToken();
  const answer = await new Promise<string | undefined>((resolve) => {
    const read = readSentinels(secret, ignore, resolve);
    connection.listen(
      (name, bytes) => {
        if (name === 'stdout') read(bytes);
      },
      () => resolve(undefined),
    );
    connection.write(`${secret}\n`);
  });
  const [, pid, root, settled, directory] = /^H(\d+) (root)? (settled)? (\/.*)$/.exec(answer ?? '') ?? [];
  if (pid === undefined || directory === undefined) return 'none';
  const handshake = {
    pid: Number(pid),
    isRoot: root !== undefined,
    usersAreSettled: settled !== undefined,
    directory,
  };
  const problem = await handshakeProblem(connection, handshake);
  return problem ?? handshake;
}

async function handshakeProblem(
  connection: ShellConnection,
  handshake: Handshake,
): Promise<'none' | 'outdated' | undefined> {
  const pieces: Buffer[] = [];
  const outcome = await exchange(connection, handshake, {
    argv: ['cat', `/proc/${handshake.pid}/environ`, '/proc/self/environ'],
    cwd: undefined,
    env: {},
    onOutput: (_, bytes) => void pieces.push(bytes),
    input: undefined,
  });
  if (typeof outcome !== 'object') return 'none';
  if ('unsupported' in outcome) return 'outdated';
  if (!('exitCode' in outcome) || outcome.exitCode !== 0) return 'none';
  const variables = Buffer.concat(pieces).toString('latin1').split('\0').slice(0, -1);
  const given = variables.slice(0, variables.length / 2).sort();
  const inherited = variables.slice(variables.length / 2).sort();
  const same =
    given.length === inherited.length && given.every((variable, index) => variable === inherited[index]);
  return same ? undefined : 'none';
}

function createPersistentShell(
  exec: Docker.Exec,
  connection: ShellConnection,
  handshake: Handshake,
): PersistentShell {
  let retired = false;
  const close = (): void => {
    retired = true;
    connection.close();
  };
  const retire = (onLateOutput: ShellRequest['onLateOutput'] = ignore): void => {
    retired = true;
    if (!connection.open) return;
    let room = maxLateBytes;
    connection.drain((_, bytes) => {
      onLateOutput(bytes);
      room -= bytes.length;
      if (room < 0) connection.close();
    });
  };
  return {
    exec,
    pid: handshake.pid,
    isRoot: handshake.isRoot,
    usersAreSettled: handshake.usersAreSettled,
    get usable() {
      return connection.open && !retired;
    },
    run: (request) => exchange(connection, handshake, request, retire),
    close,
  };
}

function exchange(
  connection: ShellConnection,
  handshake: Handshake,
  request: ShellRequest,
  retire: (onLateOutput?: ShellRequest['onLateOutput']) => void = ignore,
): Promise<ShellOutcome> {
  const token = newToken();
  const line = commandLine(request, token, handshake.directory);
  if ('unsupported' in line) return Promise.resolve(line);
  return new Promise((resolve) => {
    const end = readUntilEnd(token, request, (outcome, reusable) => {
      connection.rest();
      // Something that the command has left behind still holds the shell's output.
      if (!reusable || line.input !== undefined) retire(request.onLateOutput);
      resolve(outcome);
    });
    connection.listen(end.read, (broken) => (broken === undefined ? end.lost() : resolve({ broken })));
    connection.write(line.text);
    if (line.input !== undefined) {
      connection.write(line.input);
      connection.endInput();
    }
  });
}

/** Passes on the output of one command until both streams have had their last sentinel. */
function readUntilEnd(
  token: string,
  { onOutput }: Pick<CommandRequest, 'onOutput'>,
  settle: (outcome: ShellOutcome, reusable: boolean) => void,
) {
  let notStarted: Unsupported | undefined = { unsupported: 'its shell had ended before', attempted: true };
  let exit: RegExpExecArray | undefined;
  let stderrEnded = false;
  const ended = (): void => {
    if (exit === undefined || !stderrEnded) return;
    if (notStarted === undefined) errors.release();
    settle(notStarted ?? { exitCode: Number(exit[1]) }, exit[2] === '');
  };
  const stdout = readSentinels(
    token,
    (bytes) => onOutput('stdout', bytes),
    (message) => {
      if (message === 'B') notStarted = undefined;
      else if (message === 'N') notStarted = { unsupported: 'the shell could not start it', attempted: true };
      else exit = /^E(\d+)(R?)$/.exec(message) ?? undefined;
      ended();
    },
  );
  const errors = holdShellError((bytes) => onOutput('stderr', bytes));
  const stderr = readSentinels(
    token,
    (bytes) => errors.add(bytes),
    () => {
      stderrEnded = true;
      ended();
    },
  );
  return {
    read: (name: OutputStream, bytes: Buffer): void => (name === 'stdout' ? stdout(bytes) : stderr(bytes)),
    lost: (): void => {
      if (notStarted === undefined) errors.release();
      settle(notStarted ?? 'lost', false);
    },
  };
}

function newToken(): string {
  return randomBytes(18).toString('base64url');
}

function ignore(): void {
  // No command runs, so there is nothing to do.
}
