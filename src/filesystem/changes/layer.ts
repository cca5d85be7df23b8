import type { StartedContainer } from '../../container/started-container';
import { madeByPodman } from './made-by-podman';
import { isChangedOrNew, mountPoints, type MountInspection } from './mount-points';
import { accountFiles, parseAccounts } from '../accounts';
import { scanExport } from '../export';
import { isEngineFile, type ScannedTree, type ScanOptions } from '../tree';
import type { TreeState } from './compare';
import { scanUpperDirectory, upperInReader, upperOnHost, type ReadUpper } from './upper-directory';
import { manifestOf } from './manifest';
import type { Manifest } from './manifest-cache';

/**
 * The source of a container's tree: the overlay's upper directory, on this machine or in a layer reader, or the
 * engine's export.
 */
export type LayerSource = 'upper' | 'reader' | 'export';

/** A container's tree at one moment. */
export interface LayerState extends TreeState {
  /** Contents of small files that differ from the image, if they were requested. */
  contents: ReadonlyMap<string, Buffer>;
  source: LayerSource;
}

/**
 * Reads the container's tree. If the engine keeps its layers as overlay2, belljar reads only the upper directory, which
 * holds all that was touched: on this machine if it may, otherwise in a layer reader. If it can't, the whole tree comes
 * from the engine's export. All return the same. None trusts a tool in the container, and none needs the container to
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
  const ways: [LayerSource, ReadUpper][] = [
    ['upper', upperOnHost(inspected)],
    ['reader', upperInReader(inspected, container.image.id)],
  ];
  for (const [source, read] of ways.filter(([way]) => only === undefined || only === way)) {
    const scanned = await scanUpperDirectory(read, manifest, options);
    if (scanned !== undefined) return layerState(scanned, manifest, inspected, source);
  }
  if (only !== undefined && only !== 'export') throw new Error(`The layer could not be read by: ${only}.`);
  return layerState(await scanExport(container.docker, options), manifest, inspected, 'export');
}

async function layerState(
  scanned: ScannedTree,
  manifest: Manifest,
  inspected: MountInspection,
  source: LayerSource,
): Promise<LayerState> {
  const made = await madeByPodman(scanned.tree, manifest);
  return {
    tree: withoutMountPoints(new Map([...scanned.tree, ...made.restored]), manifest, [
      ...mountPoints(inspected),
      ...made.mountPoints,
    ]),
    accounts: accountsOf(scanned, manifest),
    contents: scanned.contents,
    source,
  };
}

function accountsOf({ contents }: ScannedTree, manifest: Manifest): TreeState['accounts'] {
  const passwd = contents.get(accountFiles.users)?.toString() ?? manifest.passwd;
  const group = contents.get(accountFiles.groups)?.toString() ?? manifest.group;
  return parseAccounts(passwd, group);
}

/** Leaves out the directories that the engine made as mount points or as working directory. */
function withoutMountPoints(
  tree: ScannedTree['tree'],
  manifest: Manifest,
  paths: readonly string[],
): ScannedTree['tree'] {
  for (const path of paths) {
    const isEmpty = ![...tree.keys()].some((other) => other.startsWith(`${path}/`));
    if (!manifest.tree.has(path) && isEmpty) tree.delete(path);
  }
  return tree;
}
