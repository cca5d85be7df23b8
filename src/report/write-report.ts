import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The names of all files that are ever written to a report's directory. */
const ownFile = /^(report\.txt|[0-9a-f]{12}-terminal-\d+\.(cast|svg))$/;

/**
 * Writes a report's files, and removes those of the report that was in the directory before. Anything else there stays
 * as it is, and no link is followed.
 */
export async function writeReport(
  directory: string,
  files: readonly { name: string; content: string }[],
): Promise<void> {
  await mkdir(directory, { recursive: true });
  const old = (await readdir(directory)).filter((name) => ownFile.test(name));
  for (const name of old) await rm(join(directory, name));
  for (const { name, content } of files) await writeFile(join(directory, name), content, { flag: 'wx' });
}
