import type { FileInfo, StatOptions } from '../file-info';
import { statFile } from '../file-info';
import { listDirectory, pathExists } from '../directory';
import { readFile, writeFile, type FileData, type OwnershipOptions } from '../read-write';
import { isNoShell } from '../shell';
import type { Inside } from '../copy/copy-out';
import type { StartedContainer } from '../../container/started-container';
import {
  existsByArchive,
  listByArchive,
  readByArchive,
  statByArchive,
  writeByArchive,
  type ArchivedContainer,
} from './operations';

/** Operations on the files of a container that this machine can't see. */
export interface InsideFiles {
  read(path: string, limit: number): Promise<Buffer>;
  write(redirect: '>' | '>>', path: string, data: FileData, options: OwnershipOptions): Promise<void>;
  stat(path: string, options: StatOptions): Promise<FileInfo>;
  list(path: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
}

/**
 * Creates the operations: by a shell in the container, or by the engine's archives if the container has none, as an
 * image made `FROM scratch` has none. A persistent shell costs 1 to 2 ms, an archive 25 to 200 ms.
 */
export function insideFiles(
  from: Pick<StartedContainer, 'docker'>,
  { commands, findPlace }: Inside,
): InsideFiles {
  const container: ArchivedContainer = {
    // The proxy of useContainer() has a container only inside tests.
    get docker() {
      return from.docker;
    },
    findPlace,
  };
  return {
    read: (path, limit) =>
      byShell(
        () => readFile(commands, path, limit),
        () => readByArchive(container, path, limit),
      ),
    write: (redirect, path, data, options) =>
      byShell(
        () => writeFile(commands, redirect, path, data, options),
        () => writeByArchive(container, redirect, path, data, options),
      ),
    stat: (path, options) =>
      byShell(
        () => statFile(commands, path, options),
        () => statByArchive(container, path, options),
      ),
    list: (path) =>
      byShell(
        () => listDirectory(commands, path),
        () => listByArchive(container, path),
      ),
    exists: (path) =>
      byShell(
        () => pathExists(commands, path),
        () => existsByArchive(container, path),
      ),
  };
}

async function byShell<Value>(act: () => Promise<Value>, otherwise: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (isNoShell(error)) return otherwise();
    throw error;
  }
}
