import type { SavedFile, SavedImage } from './saved-image';

/** The config and layers of a saved image. */
export interface SavedLayout {
  config: SavedFile;
  configPath: string;
  /** Base first, as in the config; the file is undefined if the archive lacks it. */
  layers: { path: string; file: SavedFile | undefined }[];
  /** Every digest that may be the image's id in an engine, from the index down to the config: `sha256:…`. */
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
 * Finds config and layers in an archive of `docker save`, in either format: the classic `manifest.json`, which every
 * version of Docker writes, or an OCI layout's `index.json` alone.
 *
 * Source: Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format"; OCI Image Layout 1.0.
 *
 * @returns undefined if the archive has neither format, or lacks a file that leads to the config
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

/** Returns the diff ids of a config, base first. */
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

/** Yields the manifests from `index.json` through nested indexes, as far as the archive has them. */
function* indexChain(saved: SavedImage): Generator<{ digest: string; manifest: Manifest }> {
  const text = saved.get('index.json')?.json;
  const open = text === undefined ? [] : ((JSON.parse(text) as Manifest).manifests ?? []);
  for (let descriptor = open.shift(); descriptor !== undefined; descriptor = open.shift()) {
    const file = saved.get(blobPath(descriptor.digest));
    // Attestations are manifests too, for the platform "unknown".
    if (file?.json === undefined || descriptor.platform?.os === 'unknown') continue;
    const manifest = JSON.parse(file.json) as Manifest;
    yield { digest: `sha256:${file.sha256}`, manifest };
    open.push(...(manifest.manifests ?? []));
  }
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
