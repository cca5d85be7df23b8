import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import type { CommandRequest } from '../transport';
import { inContainer } from '../../container/container-state';

/** What the engine has to know of an exec before its start. */
interface ExecSettings {
  /** Whether it gets input. */
  stdin: boolean;
  /** The size of its terminal, in characters. Undefined: it has no terminal. */
  terminal?: { columns: number; rows: number } | undefined;
}

/**
 * Creates an exec (Engine API, "Create an exec instance"), which `startExec` starts.
 *
 * @throws ContainerError `CONTAINER_REMOVED`, `CONTAINER_NOT_RUNNING`
 */
export function createExec(
  container: StartedContainer,
  { argv, env, cwd, user }: Pick<CommandRequest, 'argv' | 'env' | 'cwd' | 'user'>,
  { stdin, terminal }: ExecSettings,
): Promise<Docker.Exec> {
  const options: Docker.ExecCreateOptions & { ConsoleSize?: number[] } = {
    Cmd: [...argv],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    WorkingDir: cwd,
    User: user,
    Tty: terminal !== undefined,
    AttachStdin: stdin,
    AttachStdout: true,
    AttachStderr: true,
    abortSignal: container.removal,
  };
  // Height and width from the very start, since Engine API 1.42; older engines ignore it.
  if (terminal !== undefined) options.ConsoleSize = [terminal.rows, terminal.columns];
  return inContainer(container, () => container.docker.exec(options));
}
