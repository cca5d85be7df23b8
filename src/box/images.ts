import { buildImage, type BuildOptions } from '../image/sources/build';
import { inspectImage } from '../image/image';
import { resolveImage, type ResolveOptions } from '../image/sources/resolve';
import { createBox } from './box';
import { derivable, type DerivableImage } from './image';

/** See `resolveImage`. */
export async function resolveDerivable(
  reference?: string,
  options?: ResolveOptions,
): Promise<DerivableImage> {
  return derivable(await resolveImage(reference, options), createBox);
}

/** See `inspectImage`. */
export async function inspectDerivable(reference: string): Promise<DerivableImage> {
  return derivable(await inspectImage(reference), createBox);
}

/** See `buildImage`. */
export async function buildDerivable(
  contextDirectory: string,
  options?: BuildOptions,
): Promise<DerivableImage> {
  return derivable(await buildImage(contextDirectory, options), createBox);
}
