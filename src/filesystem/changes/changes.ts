import picomatch from 'picomatch';
import type { StartedContainer } from '../../container/started-container';
import { InvalidOptionError } from '../../support/errors';
import { redactorOf, withRedactor } from '../../support/secrets/redact';
import { isWithin, trimmed } from '../path';
import { brandChanges, type Change, type Changes } from './change';
import { compareTrees, type TreeState } from './compare';
import { readLayer, type LayerSource, type LayerState } from './layer';
import { manifestOf } from './manifest';
import { parseAccounts } from '../accounts';
import { addDiffs } from './text-diff';

/** Which changes are wanted, and how much of them. */
export interface ChangesOptions {
  /** Globs of absolute paths that are left out: `/var/cache/**`, which is /var/cache too. */
  ignore?: string | readonly string[];
  /** Only what is at this path or below. */
  under?: string;
  /** Adds a unified diff for text files whose content changed. Default false. */
  content?: boolean;
}

export interface ChangeReader {
  /**
   * What is different in the container's own layer from its image: every path that was added, modified, deleted or
   * rewritten, sorted. A directory in which something changed is not itself a change. What the engine puts in (/dev,
   * /proc, /sys, /.dockerenv, /etc/hosts, /etc/hostname, /etc/resolv.conf, mount points) is not; nor are volumes.
   *
   * Extended attributes are all seen on a local engine with overlay2 where belljar runs as root; through the engine's
   * API only capabilities are, and sockets are not.
   *
   * The first call for an image reads it whole (seconds) and keeps what it found under `$XDG_CACHE_HOME/belljar`.
   */
  changes(options?: ChangesOptions): Promise<Changes>;
  /**
   * What changed while `act` ran, against what was there just before. Times are compared by whole seconds: a file that
   * is rewritten with the same bytes in the second of its last change is not seen as `rewritten`.
   *
   * @throws whatever `act` throws
   */
  changesDuring(act: () => unknown, options?: ChangesOptions): Promise<Changes>;
}

/**
 * @param container whose changes
 * @param source one way to read the layer, for specs. Default: the quickest that works
 */
export function createChanges(container: StartedContainer, source?: LayerSource): ChangeReader {
  const redactor = redactorOf(container);
  return {
    changes: async (options = {}) => {
      const isWanted = filterOf(options);
      const { image } = container;
      const after = await readLayer(container, options.content === true, source);
      const all = compareTrees(await imageState(image.id), after);
      return withRedactor(await finish(all, isWanted, options, image.id, undefined, after), redactor);
    },
    changesDuring: async (act, options = {}) => {
      const isWanted = filterOf(options);
      const before = await readLayer(container, options.content === true, source);
      await act();
      const after = await readLayer(container, options.content === true, source);
      const all = compareTrees(before, after);
      return withRedactor(await finish(all, isWanted, options, container.image.id, before, after), redactor);
    },
  };
}

async function imageState(imageId: string): Promise<TreeState> {
  const { tree, passwd, group } = await manifestOf(imageId);
  return { tree, accounts: parseAccounts(passwd, group) };
}

async function finish(
  all: Change[],
  isWanted: (path: string) => boolean,
  { content = false }: ChangesOptions,
  imageId: string,
  before: LayerState | undefined,
  after: LayerState,
): Promise<Changes> {
  const wanted = all.filter(({ path }) => isWanted(path));
  if (content) await addDiffs(wanted, imageId, before, after);
  return brandChanges(wanted);
}

function filterOf({ ignore = [], under = '/' }: ChangesOptions): (path: string) => boolean {
  const globs = typeof ignore === 'string' ? [ignore] : ignore;
  for (const glob of globs as readonly unknown[]) {
    if (typeof glob !== 'string' || !glob.startsWith('/')) {
      throw new InvalidOptionError('ignore', 'must be globs of absolute paths, such as /var/cache/**', glob);
    }
  }
  if (typeof (under as unknown) !== 'string' || !under.startsWith('/')) {
    throw new InvalidOptionError('under', 'must be an absolute path', under);
  }
  const isIgnored = globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
  const root = trimmed(under);
  return (path) => isWithin(path, root) && !isIgnored(path);
}
