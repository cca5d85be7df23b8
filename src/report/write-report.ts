import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Matches the names of all files that belljar writes to a report's directory. */
const ownFile = /^(report\.txt|[0-9a-f]{12}-terminal-\d+\.(cast|svg))$/;

/**
 * Writes a report's files, and removes the files of an earlier report in the directory. Other files in the directory stay
 * as they are. Follows no symbolic link.
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
