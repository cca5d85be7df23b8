import { isAbsolute } from 'node:path';
import { hashSource } from '../filesystem/copy/source-hash';
import type { Box } from './box';

/** What a set-up copied in from the host, as the label of the derived image has it. */
interface CopiedSources {
  /** The working directory of the set-up's process. */
  directory: string;
  /** Each path as the set-up gave it, with a hash of what was there. */
  sources: [path: string, hash: string][];
}

/**
 * Watches what a set-up copies in. The hash is taken before the copy: a source that changes during the copy differs
 * from its hash from then on, so that the image is made again.
 *
 * @param box the set-up's own box, whose `files.copyIn` is replaced
 * @returns a function that returns the label's text; undefined if nothing was copied in
 */
export function watchCopies(box: Box): () => string | undefined {
  const { files } = box;
  const sources = new Map<string, CopiedSources['sources'][number]>();
  const copyIn: Box['files']['copyIn'] = async (hostPath, ...rest) => {
    const source: CopiedSources['sources'][number] = [hostPath, await hashSource(hostPath)];
    sources.set(source.join('\0'), source);
    return files.copyIn(hostPath, ...rest);
  };
  Object.defineProperty(box, 'files', { value: { ...files, copyIn }, enumerable: true });
  return () => {
    if (sources.size === 0) return undefined;
    return JSON.stringify({
      directory: process.cwd(),
      sources: [...sources.values()].sort(),
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
  for (const [path, hash] of sources) if ((await hashSource(path)) !== hash) return false;
  return true;
}
