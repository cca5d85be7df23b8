import type Docker from 'dockerode';
import type { KnownImage } from '../facts';
import { messageOf } from '../../support/errors';
import { formatBytes } from '../../support/size';
import type { Findings, ImageDifference } from './report';
import { readSavedImage, type SavedFile, type SavedImage } from './saved-image';
import { diffIdsOf, findLayout, type SavedLayout } from './saved-layout';

/**
 * Checks that the engine's bytes of an image hash to the image's digests.
 *
 * Source: Docker Engine API, `GET /images/{name}/get`, which `docker save` uses.
 */
export async function verifyContent(docker: Docker, image: KnownImage): Promise<Findings> {
  let saved: SavedImage;
  try {
    saved = await readSavedImage(await docker.getImage(image.id).get());
  } catch (error) {
    // Docker checks the files of a layer as it saves the layer, and refuses if they are damaged.
    return failed('unreadable', `The engine can't return the whole image: ${messageOf(error)}`);
  }
  return checkSaved(saved, image);
}

/** Checks a saved image; exported so that specs can check formats of other engines. */
export function checkSaved(saved: SavedImage, image: Pick<KnownImage, 'id' | 'layers'>): Findings {
  const layout = layoutOf(saved);
  if (layout === undefined) {
    return failed('unreadable', 'The archive that the engine saved has no manifest that leads to a config.');
  }
  const differences = [
    ...blobDifferences(saved),
    ...configDifferences(layout, image),
    ...layerDifferences(layout, image),
  ];
  if (differences.length > 0) return { differences, evidence: [] };
  const size = layout.layers.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
  return {
    differences,
    evidence: [
      `The config hashes to its digest, and each of ${layout.layers.length} layers (${formatBytes(size)}) to its diff id.`,
    ],
  };
}

function layoutOf(saved: SavedImage): SavedLayout | undefined {
  try {
    return findLayout(saved);
  } catch {
    return undefined;
  }
}

function failed(kind: 'unreadable' | 'unchecked', message: string): Findings {
  return { differences: [{ kind, message }], evidence: [] };
}

/** In the newer format, each file's name is its digest. */
function blobDifferences(saved: SavedImage): ImageDifference[] {
  return [...saved]
    .filter(([path, { sha256 }]) => path.startsWith('blobs/sha256/') && path !== `blobs/sha256/${sha256}`)
    .map(([path, { sha256 }]) =>
      mismatch('blob-content', `The file ${path}`, path.replace('blobs/sha256/', ''), sha256),
    );
}

function configDifferences(
  { config, digests }: SavedLayout,
  { id, layers }: Pick<KnownImage, 'id' | 'layers'>,
): ImageDifference[] {
  const isKnown = digests.includes(id);
  const diffIds = diffIdsOf(config);
  const isSameList =
    diffIds.length === layers.length && diffIds.every((diffId, index) => diffId === layers[index]);
  return [
    ...(isKnown ? [] : [mismatch('config-content', 'The config', id, `sha256:${config.sha256}`)]),
    ...(isSameList
      ? []
      : [mismatch('layers', "The config's list of layers", layers.join(', '), diffIds.join(', '))]),
  ];
}

function layerDifferences(
  { layers: files }: SavedLayout,
  { layers }: Pick<KnownImage, 'layers'>,
): ImageDifference[] {
  return layers.flatMap((diffId, index) =>
    layerDifference(`Layer ${index + 1} of ${layers.length}`, diffId, files[index]?.file),
  );
}

function layerDifference(name: string, diffId: string, file: SavedFile | undefined): ImageDifference[] {
  if (file === undefined) return [mismatch('layer-content', name, diffId, 'nothing')];
  if (file.compression !== undefined && file.uncompressedSha256 === undefined) {
    const message = `${name} is compressed with ${file.compression}, which this Node.js can't decompress, so belljar did not check it.`;
    return [{ kind: 'unchecked', message, expected: diffId }];
  }
  const found = `sha256:${file.uncompressedSha256 ?? file.sha256}`;
  return found === diffId ? [] : [mismatch('layer-content', name, diffId, found)];
}

function mismatch(
  kind: ImageDifference['kind'],
  what: string,
  expected: string,
  found: string,
): ImageDifference {
  return { kind, message: `${what} is ${found}, not ${expected}.`, expected, found };
}
