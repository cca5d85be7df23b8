import picomatch from 'picomatch';
import type { StartedContainer } from '../../container/started-container';
import { brand } from '../../support/brand';
import { checkOptions, type OptionChecks } from '../../support/check-options';
import { must, trueOrFalse } from '../../support/option-checks';
import { redactorOf, withRedactor, type Redactor } from '../../support/secrets/redact';
import { isWithin, trimmed } from '../path';
import type { Change, Changes } from './change';
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

/** What tells how a container differs from its image. */
export interface ChangeReader {
  /**
   * What is different in the container's own layer from its image: every path that was added, modified, deleted or
   * rewritten, sorted. A directory in which something changed is not itself a change. What the engine puts in (/dev,
   * /proc, /sys, /.dockerenv, /etc/hosts, /etc/hostname, /etc/resolv.conf, mount points) is not; nor are volumes.
   *
   * Extended attributes are all seen on a local engine with overlay2 where belljar runs as root; through the engine's API
   * only capabilities are, and sockets are not.
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
  const read = (options: ChangesOptions): Promise<LayerState> =>
    readLayer(container, options.content === true, source);
  const finish = (found: FoundChanges): Promise<Changes> =>
    finishChanges(found, container.image.id, redactorOf(container));
  return {
    changes: async (options = {}) => {
      checkOptions(options, changesChecks);
      const isWanted = filterOf(options);
      const after = await read(options);
      const all = compareTrees(await imageState(container.image.id), after);
      return finish({ all, isWanted, options, before: undefined, after });
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
  /** Undefined where the image is what was before. */
  before: LayerState | undefined;
  after: LayerState;
}

async function finishChanges(
  { all, isWanted, options, before, after }: FoundChanges,
  imageId: string,
  redactor: Redactor,
): Promise<Changes> {
  const wanted = all.filter(({ path }) => isWanted(path));
  if (options.content === true) await addDiffs(wanted, imageId, before, after);
  return withRedactor(brand(wanted, 'changes'), redactor);
}

function filterOf({ ignore = [], under = '/' }: ChangesOptions): (path: string) => boolean {
  const globs = [ignore].flat();
  const isIgnored = globs.length === 0 ? () => false : picomatch(globs, { dot: true });
  const root = trimmed(under);
  return (path) => isWithin(path, root) && !isIgnored(path);
}
