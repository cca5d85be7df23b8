import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { extract } from 'tar-stream';
import { temporaryDirectory } from '../machine/temporary-directory';

/** A file of a build's context, without its times. */
export interface ContextEntry {
  type: string;
  mode: string;
  owner: string;
  content: string;
}

/** Returns what Docker's own client sends of a directory to be built, with the classic builder. */
export async function contextOfClient(
  directory: string,
  dockerfile: string,
): Promise<Map<string, ContextEntry>> {
  await using scratch = await temporaryDirectory();
  const socket = join(scratch.path, 'engine.sock');
  let sent: Promise<Map<string, ContextEntry>> | undefined;
  const engine = createServer((request, response) => {
    response.setHeader('API-Version', '1.41').setHeader('Ostype', 'linux');
    if (request.url?.includes('/build') !== true) {
      response.end('OK');
      return;
    }
    sent = entriesOf(request);
    // Any answer will do: what matters has been sent.
    request.once('end', () => response.writeHead(500).end('{"message":"seen"}'));
  });
  await once(engine.listen(socket), 'listening');
  try {
    const env = { DOCKER_BUILDKIT: '0', DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: scratch.path };
    const file = join(directory, dockerfile);
    await execa('docker', ['build', '-f', file, directory], { env, stdin: 'ignore', reject: false });
    if (sent === undefined) throw new Error("Docker's client has sent no context");
    return await sent;
  } finally {
    engine.close();
  }
}

/** Returns what is in the archive of a context, by path. */
export async function entriesOf(archive: Readable): Promise<Map<string, ContextEntry>> {
  const entries = new Map<string, ContextEntry>();
  const unpacked = extract();
  archive.pipe(unpacked);
  for await (const entry of unpacked) {
    const { name, type, mode, uid, gid, linkname } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    entries.set(name.replace(/\/$/, ''), {
      type: type,
      mode: (mode & 0o7777).toString(8),
      owner: `${uid}:${gid}`,
      content: linkname || Buffer.concat(chunks).toString('latin1'),
    });
  }
  return entries;
}
