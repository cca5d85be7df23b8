import { idleCommand } from '../container/container-builder';
import type { StartedContainer } from '../container/started-container';
import type { Image } from '../image/image';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';

/**
 * Returns the cure for a container that idles, although its image has a service to run; undefined if it does not idle,
 * or the image's own command is only a shell.
 */
export async function idleHint(container: StartedContainer): Promise<string | undefined> {
  const service = serviceOf(container.image);
  if (service === undefined) return undefined;
  const { Config } = (await container.docker.inspect()) as { Config: { Cmd?: string[] | null } };
  if (Config.Cmd?.join('\0') !== idleCommand.join('\0')) return undefined;
  const { redact } = redactorOf(container);
  return (
    `The image's own command does not run: process 1 is belljar's idle command, which keeps the container up.\n` +
    `To run ${printable(redact(service))}, start the container with the option { command: 'image' }.`
  );
}

function serviceOf({ config: { entrypoint, cmd } }: Image): string | undefined {
  const words = [...entrypoint, ...cmd];
  const isShell = words.every((word) => /^(\/(usr\/)?bin\/)?(ba|da|a|z)?sh$/.test(word));
  return isShell ? undefined : words.join(' ').slice(0, 200);
}
