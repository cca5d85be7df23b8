import type { StartedContainer } from '../../container/started-container';
import { isChangedOrNew, mountPoints, type MountInspection } from './mount-points';
import { accountFiles, parseAccounts } from '../accounts';
import { scanExport } from '../export';
import { isEngineFile, type ScannedTree, type ScanOptions } from '../tree';
import type { TreeState } from './compare';
import { scanUpperDirectory } from './upper-directory';
import { manifestOf } from './manifest';
import type { Manifest } from './manifest-cache';

/** The source of a container's tree: the overlay's upper directory, or the engine's export. */
export type LayerSource = 'upper' | 'export';

/** A container's tree at one moment. */
export interface LayerState extends TreeState {
  /** Contents of small files that differ from the image, if they were requested. */
  contents: ReadonlyMap<string, Buffer>;
  source: LayerSource;
}

/**
 * Reads the container's tree. If the engine is on this machine, keeps its layers as overlay2, and belljar may read
 * them, it reads only the upper directory, which holds all that was touched. Otherwise the whole tree comes from the
 * engine's export. Both return the same. Neither trusts a tool in the container, and neither needs the container to
 * run. (`docker diff` needs about as long as reading the upper directory, and says less.)
 *
 * @param keepContents whether to keep the contents of files that changed
 * @param only the only source to use, for specs that compare both. Default: the quickest that works
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

/** Leaves out the directories that the engine made as mount points or as working directory. */
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
