import { resolve } from 'node:path';

/**
 * Where reports of failed tests go: `BELLJAR_REPORT`, by default `belljar-report`, below Jest's root directory where it
 * is relative; undefined where it is `off`.
 *
 * @param rootDir Jest's
 */
export function reportDirectory(rootDir: string): string | undefined {
  const { BELLJAR_REPORT: value = '' } = process.env;
  return value === 'off' ? undefined : resolve(rootDir, value === '' ? 'belljar-report' : value);
}
