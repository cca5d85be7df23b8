import { resolve } from 'node:path';

/**
 * Returns the directory for reports of failed tests: `BELLJAR_REPORT`, by default `belljar-report`. Undefined if the
 * variable is `off`.
 *
 * @param rootDir Jest's root directory, to which a relative path is relative
 */
export function reportDirectory(rootDir: string): string | undefined {
  const { BELLJAR_REPORT: value = '' } = process.env;
  return value === 'off' ? undefined : resolve(rootDir, value === '' ? 'belljar-report' : value);
}
