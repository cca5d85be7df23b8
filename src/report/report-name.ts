import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** File systems allow 255 bytes. A terminal and its reader are better off with fewer. */
const maxCharacters = 80;

/**
 * Returns the name of a report's directory: the letters and digits of the test's file and title, and a hash of all
 * parameters. Tests that differ in one of them never share a name, and a test has the same name in every run.
 *
 * @param file the test file, relative to Jest's root directory
 * @param title describe blocks and title, without secrets
 * @param identity anything else that tells tests apart, such as the project's name
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
