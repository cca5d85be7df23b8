import type { ContainerPath } from '../filesystem/path';
import type { ContainerIsolationOptions } from '../isolation/from-container';
import type { HostIsolationOptions } from '../isolation/from-host';
import type { Subject } from '../isolation/subject';
import type { WaitOptions } from '../support/wait-options';
import type { ChangeExpectation } from './aspects/change-aspects';
import type { UnchangedOptions } from './to-be-unchanged';
import type { OnlyOptions } from './to-have-changed-only';
import type { DirectoryExpectation } from './to-have-directory';
import type { FileExpectation } from './to-have-file';
import type { SymlinkExpectation } from './to-have-symlink';
import type { ExpectedOutput } from './to-print';

/**
 * belljar's matchers as they appear after `expect(…)`: await each of them. Those that judge a
 * result which is there already do so at once, so that a forgotten `await` hides no failure.
 *
 * Where a matcher could not look (the container stopped, a file that may not be read), it rejects with the error of
 * that, with `.not` too. So it does, with an `InvalidOptionError`, where it can't judge what it was given.
 */
export interface BelljarMatchers {
  /** A command ended by itself with exit code 0. Takes a result or its promise. */
  toSucceed(): Promise<void>;
  /** A command ended by itself with that exit code. */
  toExitWith(exitCode: number): Promise<void>;
  /** A command's standard output contains the text, or matches the pattern. */
  toPrint(expected: ExpectedOutput): Promise<void>;
  /** A command's standard error contains the text, or matches the pattern. */
  toPrintError(expected: ExpectedOutput): Promise<void>;
  /**
   * A container has a regular file at a path, and it is as expected. Symbolic links are followed. With `.not`: there is
   * no file at all, or it differs in at least one of what was named.
   *
   * @param path absolute, in the container
   * @param options `mode`, `owner`, `group`, `size`, `content`, `sha256`, `executableBy`; what is not named does not matter
   */
  toHaveFile(path: ContainerPath, options?: FileExpectation): Promise<void>;
  /**
   * A container has a directory at a path, and it is as expected. Symbolic links are followed. With `.not`: there is none
   * at all, or it differs in at least one of what was named.
   *
   * @param path absolute, in the container
   * @param options `mode`, `owner`, `group`, `entries`; what is not named does not matter
   */
  toHaveDirectory(path: ContainerPath, options?: DirectoryExpectation): Promise<void>;
  /**
   * A path is a symbolic link, whether or not it leads to anything, and it is as expected. With `.not`: it is something
   * else, nothing, or differs in at least one of what was named.
   *
   * @param path absolute, in the container
   * @param expected where it points, exactly as it is written in the link; or `target`, `owner`, `group`
   */
  toHaveSymlink(
    path: ContainerPath,
    expected?: SymlinkExpectation | NonNullable<SymlinkExpectation['target']>,
  ): Promise<void>;
  /**
   * At least one changed path is, or matches, the one that is named, and its change is as expected. Takes a container, or
   * what its `changes()` or `changesDuring()` gave. With `.not`: there is no such change.
   *
   * @param path absolute, or a glob of such paths: `/etc/**`
   * @param options `kind`, `differs`, `type`, `mode`, `owner`, `group`, `size`, `sha256`, `target`, `renamedFrom`; what is
   * not named does not matter
   */
  toHaveChanged(path: string, options?: ChangeExpectation): Promise<void>;
  /**
   * Every changed path is, or matches, one of those that are named, and each that is named has a change: a list that says
   * more than what happened is wrong as well. Takes a container, or what its `changes()` or `changesDuring()` gave. With
   * `.not`: something else has changed, or one of those that are named has not.
   *
   * @param paths absolute, or globs of such paths; `/opt/tool/**` is `/opt/tool` too, but not `/opt`
   * @param options `ignore`: globs of what may change or not; `under`: only what is there counts
   */
  toHaveChangedOnly(paths: readonly string[], options?: OnlyOptions): Promise<void>;
  /**
   * A container has changed nothing, an image is what it was, or the host's watched files are as they were. Takes a
   * container, an image, or `host`.
   *
   * @param options for a container `ignore` and `under`; for an image `depth` (default `identity`) and `fingerprint`; for
   * the host `since`: what `host.snapshot()` gave (default: the last `host.watch()`)
   */
  toBeUnchanged(options?: UnchangedOptions): Promise<void>;
  /** Nothing gets through between a container and this machine, by all evidence there is. */
  toBeIsolatedFromHost(options?: HostIsolationOptions): Promise<void>;
  /** Nothing gets through between two containers, by all evidence there is. */
  toBeIsolatedFrom(other: Subject, options?: ContainerIsolationOptions): Promise<void>;
  /**
   * A terminal shows a text, or what it shows matches a pattern: now, or soon. With `.not`: it no longer does.
   *
   * @param options `timeout`: how long to wait for that, in milliseconds; default 4000, less than Jest gives a test
   */
  toShow(expected: string | RegExp, options?: WaitOptions): Promise<void>;
  /**
   * Something in a container listens on a TCP port: now, or soon. With `.not`: nothing does any more.
   *
   * @param port in the container
   * @param options `timeout`: how long to wait for that, in milliseconds; default 4000, less than Jest gives a test
   */
  toListenOn(port: number, options?: WaitOptions): Promise<void>;
}
