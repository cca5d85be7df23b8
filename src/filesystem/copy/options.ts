import type { OptionChecks } from '../../support/options/check-options';
import { must, numberOf, oneOf, trueOrFalse } from '../../support/options/option-checks';
import { ownershipChecks, type OwnershipOptions } from '../read-write';

/** Options of `copyIn()`. */
export interface CopyInOptions extends OwnershipOptions {
  /**
   * What to leave out of a tree, as lines of a `.dockerignore` file: `node_modules`, `**\/*.log`, `!keep.log`. Patterns
   * are relative to the tree. Default: nothing.
   */
  ignore?: string | readonly string[];
  /**
   * Whether files keep the user and group ids that they have on the host, as `docker cp --archive` does. Default false:
   * they belong to root. `owner` and `group` come first.
   */
  keepOwners?: boolean;
  /**
   * What to do with a socket, a fifo or a device. `refuse` (default) fails the whole copy before anything is copied.
   * `skip` leaves it out, and lists it in `skipped`.
   */
  special?: 'refuse' | 'skip';
}

export const copyInChecks = {
  ...ownershipChecks,
  ignore: must('must be patterns as in a .dockerignore file, relative to the tree: node_modules', (value) =>
    [value].flat().every((pattern) => typeof pattern === 'string' && pattern !== ''),
  ),
  keepOwners: trueOrFalse,
  special: oneOf(['refuse', 'skip']),
} satisfies OptionChecks<CopyInOptions>;

/** Options of `copyOut()`. */
export interface ExtractOptions {
  /** The limit of all content, in bytes. Default 1 GiB. */
  maxBytes?: number;
  /** The limit of files, directories and links. Default 100,000. */
  maxEntries?: number;
  /**
   * What to do with an entry that is not safe on the host: a link that points out of the tree, a device, a fifo.
   * `refuse` (default) fails the whole copy and leaves nothing. `skip` leaves the entry out, and lists it in `skipped`.
   */
  unsafe?: 'refuse' | 'skip';
}

/** The default of `maxBytes`. */
export const defaultMaxBytes = 2 ** 30;

export const extractChecks = {
  maxBytes: numberOf('bytes'),
  maxEntries: numberOf('entries'),
  unsafe: oneOf(['refuse', 'skip']),
} satisfies OptionChecks<ExtractOptions>;

/** The result of a copy. */
export interface ExtractReport {
  /** Files, directories and links written. */
  entries: number;
  /** Bytes of content written. */
  bytes: number;
  /** The entries that were left out, and why. */
  skipped: { path: string; reason: string }[];
}
