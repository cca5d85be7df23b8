import type { SavedFile, SavedImage } from './saved-image';

/** Where things are in a saved image. */
export interface SavedLayout {
  config: SavedFile;
  configPath: string;
  /** Base first, as in the config; undefined where the archive lacks the file. */
  layers: { path: string; file: SavedFile | undefined }[];
  /** Every digest that the engine may know this image by, from the index down to the config: `sha256:…`. */
  digests: string[];
}

interface Descriptor {
  digest: string;
  platform?: { os?: string };
}

interface Manifest {
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
}

/**
 * Finds config and layers in what `docker save` gave, in either form: the classic `manifest.json`, which Docker writes
 * in every version, or an OCI layout's `index.json` alone.
 *
 * Source: Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format"; OCI Image Layout 1.0.
 *
 * @returns undefined where the archive is neither, or lacks a file that leads to the config
 */
export function findLayout(saved: SavedImage): SavedLayout | undefined {
  const chain = [...indexChain(saved)];
  const classic = classicPaths(saved) ?? ociPaths(saved, chain);
  if (classic === undefined) return undefined;
  const config = saved.get(classic.config);
  if (config?.json === undefined) return undefined;
  return {
    config,
    configPath: classic.config,
    layers: classic.layers.map((path) => ({ path, file: saved.get(path) })),
    digests: [...chain.map(({ digest }) => digest), `sha256:${config.sha256}`],
  };
}

/** The diff ids that a config has, base first. */
export function diffIdsOf(config: SavedFile): string[] {
  const { rootfs } = JSON.parse(config.json ?? '{}') as { rootfs?: { diff_ids?: string[] } };
  return rootfs?.diff_ids ?? [];
}

interface Paths {
  config: string;
  layers: string[];
}

function classicPaths(saved: SavedImage): Paths | undefined {
  const text = saved.get('manifest.json')?.json;
  if (text === undefined) return undefined;
  const [image] = JSON.parse(text) as { Config: string; Layers: string[] | null }[];
  return image && { config: image.Config, layers: image.Layers ?? [] };
}

function ociPaths(saved: SavedImage, chain: { manifest: Manifest }[]): Paths | undefined {
  const manifest = chain.find((each) => each.manifest.config !== undefined)?.manifest;
  return (
    manifest?.config && {
      config: blobPath(manifest.config.digest),
      layers: (manifest.layers ?? []).map(({ digest }) => blobPath(digest)),
    }
  );
}

/** From `index.json` through nested indexes down to the manifest, as far as the archive has them. */
function* indexChain(saved: SavedImage): Generator<{ digest: string; manifest: Manifest }> {
  const text = saved.get('index.json')?.json;
  const open = text === undefined ? [] : ((JSON.parse(text) as Manifest).manifests ?? []);
  for (let descriptor = open.shift(); descriptor !== undefined; descriptor = open.shift()) {
    const file = saved.get(blobPath(descriptor.digest));
    // Attestations are manifests too, for no platform.
    if (file?.json === undefined || descriptor.platform?.os === 'unknown') continue;
    const manifest = JSON.parse(file.json) as Manifest;
    yield { digest: `sha256:${file.sha256}`, manifest };
    open.push(...(manifest.manifests ?? []));
  }
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
