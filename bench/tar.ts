import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';

/** An archive of one file, as the engine's API takes it. */
export async function archiveOf(name: string, content: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  return buffer(archive);
}

/** The content of the first file in an archive, as the engine's API returns it. */
export async function firstFileOf(archive: NodeJS.ReadableStream): Promise<string> {
  const files = extract();
  files.end(await buffer(archive));
  let content: string | undefined;
  for await (const entry of files) {
    const bytes = await buffer(entry);
    content ??= bytes.toString();
  }
  if (content === undefined) throw new Error('The archive holds no file.');
  return content;
}
