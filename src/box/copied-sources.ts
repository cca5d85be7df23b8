import { isAbsolute } from 'node:path';
import { copyInChecks } from '../filesystem/copy/options';
import { hashSource, type SourceOptions } from '../filesystem/copy/source-hash';
import { checkOptions } from '../support/options/check-options';
import type { Box } from './box';

/** What a set-up copied in from the host, as the label of the derived image has it. */
interface CopiedSources {
  /** The working directory of the set-up's process. */
  directory: string;
  /** Each path as the set-up gave it, a hash of what was there, and the options that decide what counts. */
  sources: CopiedSource[];
}

type CopiedSource = [path: string, hash: string, options: SourceOptions];

/**
 * Watches what a set-up copies in. The hash is taken before the copy: a source that changes during the copy differs
 * from its hash from then on, so that the image is made again.
 *
 * @param box the set-up's own box, whose `files.copyIn` is replaced
 * @returns a function that returns the label's text; undefined if nothing was copied in
 */
export function watchCopies(box: Box): () => string | undefined {
  const { files } = box;
  const sources = new Set<string>();
  const copyIn: Box['files']['copyIn'] = async (hostPath, path, options = {}) => {
    checkOptions(options, copyInChecks);
    const { ignore, keepOwners } = options;
    const chosen = { ignore, keepOwners };
    const source: CopiedSource = [hostPath, await hashSource(hostPath, chosen), chosen];
    sources.add(JSON.stringify(source));
    return files.copyIn(hostPath, path, options);
  };
  Object.defineProperty(box, 'files', { value: { ...files, copyIn }, enumerable: true });
  return () => {
    if (sources.size === 0) return undefined;
    return JSON.stringify({
      directory: process.cwd(),
      sources: [...sources].sort().map((key) => JSON.parse(key) as CopiedSource),
    } satisfies CopiedSources);
  };
}

/**
 * Returns whether the host has what an image's set-up copied in. A relative path is read in the present working
 * directory. An absolute path counts only in the working directory of that time: the same function in another checkout
 * would copy that checkout's file, and belljar can't see which one.
 *
 * @param label the text that {@link watchCopies} returned
 */
export async function areSourcesUnchanged(label: string): Promise<boolean> {
  const { directory, sources } = JSON.parse(label) as CopiedSources;
  if (directory !== process.cwd() && sources.some(([path]) => isAbsolute(path))) return false;
  for (const [path, hash, options] of sources) if ((await hashSource(path, options)) !== hash) return false;
  return true;
}
