import { isOfKind } from '../../support/brand';
import type { TreeEntry } from '../tree';

/** The state of a file at one moment. */
export interface FileState extends Omit<TreeEntry, 'mtime'> {
  /** The user's name, if the container has one for the uid. */
  owner?: string;
  /** The group's name, if the container has one for the gid. */
  group?: string;
}

/**
 * The kind of a change.
 *
 * - `added`, `deleted`: the path did not exist before, or does not exist any more
 * - `modified`: the path is different; see `differs`
 * - `rewritten`: the file was written again with the same bytes; only its time is new
 */
export type ChangeKind = 'added' | 'modified' | 'deleted' | 'rewritten';

/** A way in which a path that exists before and after can differ. */
export type Difference =
  'type' | 'mode' | 'owner' | 'group' | 'size' | 'content' | 'target' | 'device' | 'xattrs' | 'links';

/** The change of one path. */
export interface Change {
  path: string;
  kind: ChangeKind;
  /** For `modified`: how the path differs; empty otherwise. `links`: it now shares its content with other names. */
  differs: Difference[];
  /** The state before; undefined for `added`. */
  before?: FileState;
  /** The state after; undefined for `deleted`. */
  after?: FileState;
  /** For an `added` file: the one deleted file that had the same content. */
  renamedFrom?: string;
  /** For a `deleted` file: the one added file that has the same content. */
  renamedTo?: string;
  /**
   * With `content: true`, for a text file that was added, modified or deleted: a unified diff. Undefined for binary
   * files, files of more than 256 KiB, and files whose content did not change.
   */
  diff?: string;
}

/** The changes of a container, sorted by path. */
export type Changes = readonly Change[];

/** Returns whether something is a list of changes that belljar made, as the snapshot serializer and matchers take it. */
export function isChanges(value: unknown): value is Changes {
  return Array.isArray(value) && isOfKind(value, 'changes');
}
