import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Image } from '../image/image';
import { codeOf, messageOf, statusOf } from '../support/errors';
import type { Redactor } from '../support/secrets/redact';
import { idleCommand } from './container-builder';
import { ContainerError } from './errors';
import { logEnd } from './started/not-running';
import type { ContainerOptions } from './options';
import { refusalOf } from './options/refusal';

/** A start that failed. */
export interface FailedStart {
  image: Image;
  options: ContainerOptions;
  /** The container, if the engine has made one. */
  container: Docker.Container | undefined;
  redactor: Redactor;
  cause: unknown;
}

/** Returns the error of a failed start. The container must still be there: its files and its log explain more. */
export async function startProblem(start: FailedStart): Promise<ContainerError> {
  const { image, redactor, cause } = start;
  const options = redactor.hasSecrets ? {} : { cause };
  if (await lacksShell(start)) return new ContainerError('NO_IDLE_COMMAND', noShell(image), options);
  const end = codeOf(cause) === 'CONTAINER_NOT_RUNNING' ? `\n\n${await endOf(start)}` : '';
  const begin = `The engine did not start a container from ${image.reference}`;
  const reason = messageOf(cause);
  const refusal = refusalOf(reason);
  if (refusal === undefined)
    return new ContainerError('CONTAINER_NOT_STARTED', `${begin}: ${redactor.redact(reason)}${end}`, options);
  const why = redactor.redact(`${begin}, because of ${refusal.because}.\nThe engine: ${reason.trim()}`);
  return new ContainerError(refusal.code, `${why}${end}`, options);
}

/** Returns the error of a process 1 that has ended before its ports were published. */
export function endedBeforePorts(): ContainerError {
  return new ContainerError(
    'CONTAINER_NOT_RUNNING',
    'process 1 ended before the ports were published. The option ports is for services. ' +
      'runImage() runs an image once, and returns its exit code and output.',
  );
}

/** Returns how process 1 ended, and the end of its log. */
async function endOf({ container, redactor }: FailedStart): Promise<string> {
  if (container === undefined) return '';
  try {
    const { State } = await container.inspect();
    const log = (await logEnd(container, redactor)) || 'Process 1 has printed nothing.';
    return `Exit code of process 1: ${State.ExitCode}\n${log}`;
  } catch (error) {
    // The container may be gone.
    return `Its exit code can't be read: ${messageOf(error)}`;
  }
}

/** Whether the idle command could not run, because the image has no shell. */
async function lacksShell({ container, options }: FailedStart): Promise<boolean> {
  const idles = options.command === undefined || options.entrypoint === idleCommand;
  if (container === undefined || !idles) return false;
  try {
    const answer = (await container.infoArchive({ path: '/bin/sh' })) as Readable;
    // An answer that nobody reads keeps its connection, and so Node.js, alive.
    answer.resume();
    return false;
  } catch (error) {
    // Engine API, "Get information about files in a container": 404 if the path is not there. Any other failure
    // explains nothing.
    return statusOf(error) === 404 && (await isThere(container));
  }
}

async function isThere(container: Docker.Container): Promise<boolean> {
  try {
    await container.inspect();
    return true;
  } catch {
    return false;
  }
}

function noShell({ reference }: Image): string {
  return [
    `The image ${reference} has no /bin/sh, with which belljar keeps a container up and idle. What to do (one of these):`,
    "  - run the image's own program as process 1: { command: 'image' }",
    "  - run another program of the image as process 1: { command: ['/program', 'argument'] }",
    `  - run the image once, as a command: runImage('${reference}', ['argument'])`,
    '  - add a shell to the image: COPY --from=busybox:musl /bin/busybox /bin/sh',
  ].join('\n');
}
