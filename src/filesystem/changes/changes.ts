import picomatch from 'picomatch';
import type { StartedContainer } from '../../container/started-container';
import { brand } from '../../support/brand';
import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { must, trueOrFalse } from '../../support/options/option-checks';
import { redactorOf, withRedactor } from '../../support/secrets/redact';
import { isWithin, trimmed } from '../path';
import type { Change, Changes } from './change';
import { compareTrees, type TreeState } from './compare';
import { readLayer, type LayerSource, type LayerState } from './layer';
import { withLines } from './lines';
import { manifestOf } from './manifest';
import { parseAccounts } from '../accounts';
import { addDiffs } from './text-diff';

/** Options of `changes()`. */
export interface ChangesOptions {
  /** Globs of absolute paths to leave out. `/var/cache/**` includes /var/cache itself. Default: none. */
  ignore?: string | readonly string[];
  /** Only changes at this path or below it. Default `/`. */
  under?: string;
  /** Whether to add a unified diff for text files whose content changed. Default false. */
  content?: boolean;
}

export const changesChecks = {
  ignore: must('must be globs of absolute paths, such as /var/cache/**', (value) =>
    [value].flat().every(isAbsolute),
  ),
  under: must('must be an absolute path', isAbsolute),
  content: trueOrFalse,
} satisfies OptionChecks<ChangesOptions>;

function isAbsolute(path: unknown): boolean {
  return typeof path === 'string' && path.startsWith('/');
}

/** Tells how a container differs from its image. */
export interface ChangeReader {
  /**
   * Returns how the container's own layer differs from its image: every path that was added, modified, deleted or
   * rewritten, sorted. A directory is not a change only because something in it changed. The engine's own files (/dev,
   * /proc, /sys, /.dockerenv, /etc/hosts, /etc/hostname, /etc/resolv.conf, mount points) and volumes are not changes
   * either.
   *
   * If the engine keeps its layers as overlay2, belljar reads only what was touched: on this machine as root, otherwise
   * in a container of its own that sees the engine's layers read-only. If the engine allows neither, belljar reads the
   * whole container through the engine's export, which takes seconds, and shows no sockets, and of the extended
   * attributes only capabilities.
   *
   * The first call for an image reads all of the image, which takes seconds, and caches the result under
   * `$XDG_CACHE_HOME/belljar`.
   */
  changes(options?: ChangesOptions): Promise<Changes>;
  /**
   * Returns what changed while `act` ran. Times are compared in whole seconds: a file that is rewritten with the same
   * bytes in the second of its last change is not `rewritten`.
   *
   * @throws the error that `act` throws
   */
  changesDuring(act: () => unknown, options?: ChangesOptions): Promise<Changes>;
}

/**
 * Creates the reader of a container's changes.
 *
 * @param source the only way to read the layer, for specs. Default: the quickest that works
 * @param baseline the state that `changes()` compares with. Default: the image
 */
export function createChanges(
  container: StartedContainer,
  source?: LayerSource,
  baseline?: LayerState,
): ChangeReader {
  const read = (options: ChangesOptions): Promise<LayerState> =>
    readLayer(container, options.content === true, source);
  const finish = (found: FoundChanges): Promise<Changes> => finishChanges(found, container, source);
  return {
    changes: async (options = {}) => {
      checkOptions(options, changesChecks);
      const isWanted = filterOf(options);
      const after = await read(options);
      const all = compareTrees(baseline ?? (await imageState(container.image.id)), after);
      return finish({ all, isWanted, options, before: baseline, after });
    },
    changesDuring: async (act, options = {}) => {
      checkOptions(options, changesChecks);
      const isWanted = filterOf(options);
      const before = await read(options);
      await act();
      const after = await read(options);
      return finish({ all: compareTrees(before, after), isWanted, options, before, after });
    },
  };
}

async function imageState(imageId: string): Promise<TreeState> {
  const { tree, passwd, group } = await manifestOf(imageId);
  return { tree, accounts: parseAccounts(passwd, group) };
}

interface FoundChanges {
  all: Change[];
  isWanted: (path: string) => boolean;
  options: ChangesOptions;
  /** Undefined if the changes are compared with the image. */
  before: LayerState | undefined;
  after: LayerState;
}

async function finishChanges(
  { all, isWanted, options, before, after }: FoundChanges,
  container: StartedContainer,
  source: LayerSource | undefined,
): Promise<Changes> {
  const wanted = all.filter(({ path }) => isWanted(path));
  if (options.content === true) await addDiffs(wanted, container.image.id, before, after);
  const list = withLines(brand(wanted, 'changes'), container, before, source);
  return withRedactor(list, redactorOf(container));
}

function filterOf({ ignore = [], under = '/' }: ChangesOptions): (path: string) => boolean {
  const globs = [ignore].flat();
  const isIgnored = globs.length === 0 ? () => false : picomatch(globs, { dot: true });
  const root = trimmed(under);
  return (path) => isWithin(path, root) && !isIgnored(path);
}
