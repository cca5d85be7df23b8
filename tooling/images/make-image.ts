import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { engineMessages } from '../../src/image/sources/messages';
import { statusOf } from '../../src/support/errors';

/** Files of a small image: content by path. */
export type Files = Record<string, string | Buffer>;

/**
 * Makes an image of one layer in the engine, with files that no other image has.
 *
 * @param instructions of a Dockerfile, which set its config. Default: a command that is not there
 */
export async function makeImage(
  docker: Docker,
  reference: string,
  files: Files = {},
  instructions: readonly string[] = ['CMD ["/none"]'],
): Promise<string> {
  const archive = pack();
  const unique = randomBytes(16).toString('hex');
  for (const [name, content] of Object.entries({ ...files, 'unique.txt': unique }))
    archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  const [repo, tag] = splitTag(reference);
  const changes = ['LABEL belljar.spec=image', ...instructions];
  const query = { repo, tag, changes };
  await drain(await docker.importImage(Readable.from(archive), query));
  return (await docker.getImage(reference).inspect()).Id;
}

/** Removes a name, and the image with its last name. Does nothing if the name is gone already. */
export async function removeImage(docker: Docker, reference: string): Promise<void> {
  try {
    await docker.getImage(reference).remove({ force: true });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/** Waits for the end of the engine's progress report. */
export async function drain(stream: NodeJS.ReadableStream): Promise<void> {
  const messages = engineMessages(stream);
  while ((await messages.next()).done !== true);
}

export function splitTag(reference: string): [string, string] {
  const colon = reference.lastIndexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}
