import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from '../../support/errors';
import type { Layout } from './layout';

/** The file that names the engine that owns the data. */
const markerFile = 'belljar-engine';

/**
 * Creates the directory for images, or reuses the one that this engine had before.
 *
 * Two daemons on one data root destroy it, and belljar may remove it. So the directory must not belong to another
 * engine, and must not hold anything else.
 *
 * @throws InvalidOptionError `INVALID_OPTION`
 */
export function claimDataRoot(dataRoot: string, { directory }: Layout): void {
  mkdirSync(dataRoot, { recursive: true, mode: 0o711 });
  const marker = join(dataRoot, markerFile);
  const owner = existsSync(marker) ? readFileSync(marker, 'utf8') : undefined;
  if (owner === directory) return;
  if (owner !== undefined || readdirSync(dataRoot).length > 0) {
    const whose =
      owner === undefined
        ? 'holds something other than'
        : `belongs to the private engine of ${owner}, not to`;
    throw new InvalidOptionError(
      'dataRoot',
      `${whose} this private engine's data; use an empty directory or one that does not exist yet`,
      dataRoot,
    );
  }
  writeFileSync(marker, directory);
}
