import { isOfKind } from '../../support/brand';
import type { TreeEntry } from '../tree';

/** What a file is like at one moment. */
export interface FileState extends Omit<TreeEntry, 'mtime'> {
  /** The user's name, where the container has one for the uid. */
  owner?: string;
  /** The group's name, where the container has one for the gid. */
  group?: string;
}

/**
 * What happened to a path.
 *
 * - `added`, `deleted`: it was not there before, or is not there any more
 * - `modified`: it is different: see `differs`
 * - `rewritten`: it is the same, bytes and all, but was written again: only its time is new
 */
export type ChangeKind = 'added' | 'modified' | 'deleted' | 'rewritten';

/** What can be different about a path that is there before and after. */
export type Difference =
  'type' | 'mode' | 'owner' | 'group' | 'size' | 'content' | 'target' | 'device' | 'xattrs' | 'links';

/** One path that is different. */
export interface Change {
  path: string;
  kind: ChangeKind;
  /** For `modified`: in which ways; empty otherwise. `links`: it now shares its content with other names. */
  differs: Difference[];
  /** What was there; undefined for `added`. */
  before?: FileState;
  /** What is there; undefined for `deleted`. */
  after?: FileState;
  /** For an `added` file: the one deleted file that had the same content. */
  renamedFrom?: string;
  /** For a `deleted` file: the one added file that has the same content. */
  renamedTo?: string;
  /**
   * With `content: true`, for a regular file of text that was added, modified or deleted: a unified diff. Undefined for
   * binary files, files of more than 256 KiB, and where only a mode or the like changed.
   */
  diff?: string;
}

/** The changes of a container, sorted by path. */
export type Changes = readonly Change[];

/** Returns whether something is a list of changes that belljar made, as the snapshot serializer and matchers take it. */
export function isChanges(value: unknown): value is Changes {
  return Array.isArray(value) && isOfKind(value, 'changes');
}
