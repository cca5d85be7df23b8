import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from '../../support/errors';
import type { Layout } from './layout';

/** Says whose data these are. */
const markerFile = 'belljar-engine';

/**
 * Makes the directory for images, or takes the one that this engine has had before.
 *
 * Two daemons on one data root destroy it, and belljar may remove it: so it is never another engine's, nor anything
 * else that is there already.
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
      `${whose} this private engine's data; give an empty directory or one that is not there yet`,
      dataRoot,
    );
  }
  writeFileSync(marker, directory);
}
