import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** File systems take names of 255 bytes; a terminal and a person less. */
const maxCharacters = 80;

/**
 * The name of a test's directory: its file and title as far as they are letters and digits, and a hash of all of it, so
 * that two tests never share one, and one test has the same in every run.
 *
 * @param file the test file, relative to Jest's root directory
 * @param title describe blocks and title, without secrets
 * @param identity whatever else tells tests apart
 */
export function reportName(file: string, title: string, identity = ''): string {
  const words = `${basename(file).replace(/(\.(spec|test))?\.\w+$/, '')}-${title}`
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, maxCharacters)
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  const hash = createHash('sha256').update([file, title, identity].join('\0')).digest('hex').slice(0, 8);
  return `${words || 'test'}-${hash}`;
}
