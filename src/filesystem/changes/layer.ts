import type { StartedContainer } from '../../container/started-container';
import { isChangedOrNew, mountPoints, type MountInspection } from './mount-points';
import { accountFiles, parseAccounts } from '../accounts';
import { scanExport } from '../export';
import { isEngineFile, type ScannedTree, type ScanOptions } from '../tree';
import type { TreeState } from './compare';
import { scanUpperDirectory } from './upper-directory';
import { manifestOf } from './manifest';
import type { Manifest } from './manifest-cache';

/** How a container's tree is read: straight from the overlay's upper directory, or from the engine's export. */
export type LayerSource = 'upper' | 'export';

/** A container's tree at one moment. */
export interface LayerState extends TreeState {
  /** Contents of small files that are not as in the image, where they were asked for. */
  contents: ReadonlyMap<string, Buffer>;
  source: LayerSource;
}

/**
 * The container's tree now. Where the engine is on this machine, keeps its layers as overlay2, and we may look, only
 * the upper directory is read, which holds all that was touched; anywhere else the whole tree comes from the engine's
 * export. Both give the same: neither trusts a tool in the container, and neither needs it to run. (`docker diff` needs
 * about as long as reading the upper directory, and says less.)
 *
 * @param keepContents whether to keep the contents of files that changed
 * @param only one way to read it, for specs that compare both. Default: whichever works, the quicker first
 */
export async function readLayer(
  container: StartedContainer,
  keepContents: boolean,
  only?: LayerSource,
): Promise<LayerState> {
  const [manifest, inspected] = await Promise.all([
    manifestOf(container.image.id),
    container.docker.inspect() as Promise<MountInspection>,
  ]);
  const names: string[] = Object.values(accountFiles);
  const options: ScanOptions = {
    exclude: isEngineFile,
    keep: (path, entry) => names.includes(path) || (keepContents && isChangedOrNew(manifest, path, entry)),
  };
  const upper = only === 'export' ? undefined : await scanUpperDirectory(inspected, manifest, options);
  const scanned = upper ?? (await scanExport(container.docker, options));
  return {
    tree: withoutMountPoints(scanned, manifest, inspected),
    accounts: accountsOf(scanned, manifest),
    contents: scanned.contents,
    source: upper === undefined ? 'export' : 'upper',
  };
}

function accountsOf({ contents }: ScannedTree, manifest: Manifest): TreeState['accounts'] {
  const passwd = contents.get(accountFiles.users)?.toString() ?? manifest.passwd;
  const group = contents.get(accountFiles.groups)?.toString() ?? manifest.group;
  return parseAccounts(passwd, group);
}

/** Directories that the engine made to mount something on, or to work in, are not the work of code in the container. */
function withoutMountPoints(
  { tree }: ScannedTree,
  manifest: Manifest,
  inspected: MountInspection,
): ScannedTree['tree'] {
  for (const path of mountPoints(inspected)) {
    const isEmpty = ![...tree.keys()].some((other) => other.startsWith(`${path}/`));
    if (!manifest.tree.has(path) && isEmpty) tree.delete(path);
  }
  return tree;
}
