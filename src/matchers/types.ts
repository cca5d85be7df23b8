import type { ContainerPath } from '../filesystem/path';
import type { ContainerIsolationOptions } from '../isolation/from-container';
import type { HostIsolationOptions } from '../isolation/from-host';
import type { Subject } from '../isolation/subject';
import type { WaitOptions } from '../support/options/wait-options';
import type { ChangeExpectation } from './aspects/change-aspects';
import type { UnchangedOptions } from './to-be-unchanged';
import type { OnlyOptions } from './to-have-changed-only';
import type { DirectoryExpectation } from './to-have-directory';
import type { FileExpectation } from './to-have-file';
import type { SymlinkExpectation } from './to-have-symlink';
import type { ExpectedOutput } from './to-print';

/**
 * belljar's matchers as they appear after `expect(…)`. Await each of them. If the value is a command's result and not a
 * promise, the matcher fails at once, so that a forgotten `await` hides no failure.
 *
 * If a matcher can't check its value, it rejects with the cause, also with `.not`. For example, the container has
 * stopped or a file can't be read. A value or an option that the matcher can't use is an `InvalidOptionError`.
 */
export interface BelljarMatchers {
  /** A command ended by itself with exit code 0. Takes a command's result or its promise. */
  toSucceed(): Promise<void>;
  /** A command ended by itself with that exit code. Takes a command's result or its promise. */
  toExitWith(exitCode: number): Promise<void>;
  /**
   * A command's standard output contains a string, or matches a pattern. Takes a command's result or its promise.
   *
   * @param expected a string that is part of the output, a pattern, or an asymmetric matcher for the whole output
   */
  toPrint(expected: ExpectedOutput): Promise<void>;
  /**
   * A command's standard error contains a string, or matches a pattern. Takes a command's result or its promise.
   *
   * @param expected a string that is part of the output, a pattern, or an asymmetric matcher for the whole output
   */
  toPrintError(expected: ExpectedOutput): Promise<void>;
  /**
   * A container has a regular file at a path, and the file is as expected. Symbolic links are followed. With `.not`:
   * there is no regular file, or the file differs in at least one named property.
   *
   * @param path absolute, in the container
   * @param options `mode`, `owner`, `group`, `size`, `content`, `sha256`, `executableBy`; properties that are not named
   * do not matter
   */
  toHaveFile(path: ContainerPath, options?: FileExpectation): Promise<void>;
  /**
   * A container has a directory at a path, and the directory is as expected. Symbolic links are followed. With `.not`:
   * there is no directory, or the directory differs in at least one named property.
   *
   * @param path absolute, in the container
   * @param options `mode`, `owner`, `group`, `entries`; properties that are not named do not matter
   */
  toHaveDirectory(path: ContainerPath, options?: DirectoryExpectation): Promise<void>;
  /**
   * A path is a symbolic link that is as expected, whether or not its target exists. With `.not`: there is no symbolic
   * link, or the link differs in at least one named property.
   *
   * @param path absolute, in the container
   * @param expected the target exactly as it is written in the link; or `target`, `owner`, `group`
   */
  toHaveSymlink(
    path: ContainerPath,
    expected?: SymlinkExpectation | NonNullable<SymlinkExpectation['target']>,
  ): Promise<void>;
  /**
   * At least one changed path matches the expected path, and its change is as expected. Takes a container, or the list
   * that its `changes()` or `changesDuring()` returned. With `.not`: there is no such change.
   *
   * @param path absolute, or a glob of such paths: `/etc/**`
   * @param options `kind`, `differs`, `type`, `mode`, `owner`, `group`, `size`, `sha256`, `target`, `renamedFrom`;
   * properties that are not named do not matter
   */
  toHaveChanged(path: string, options?: ChangeExpectation): Promise<void>;
  /**
   * Every changed path matches one of the expected paths, and every expected path matches a change. A list that says
   * more than what happened is wrong as well. Takes a container, or the list that its `changes()` or `changesDuring()`
   * returned. With `.not`: something else has changed, or an expected path has no change.
   *
   * @param paths absolute, or globs of such paths; `/opt/tool/**` matches `/opt/tool` too, but not `/opt`
   * @param options `ignore`: globs of paths that may or may not change; `under`: paths below which changes count
   */
  toHaveChangedOnly(paths: readonly string[], options?: OnlyOptions): Promise<void>;
  /**
   * A container has changed nothing, an image is the same as before, or the host's watched files are as before. Takes a
   * container, an image, or `host`.
   *
   * @param options for a container `ignore` and `under`; for an image `depth` (default `identity`) and `fingerprint`;
   * for the host `since`, a snapshot from `host.snapshot()` (default: that of the last `host.watch()`)
   */
  toBeUnchanged(options?: UnchangedOptions): Promise<void>;
  /**
   * Nothing gets through between a container and this machine, by all evidence. The evidence comes from the engine's
   * configuration, the kernel, and canaries.
   *
   * @param options `by`: the sources of evidence; `allow`: checks that may be open; `since`: an earlier state of the
   * host
   */
  toBeIsolatedFromHost(options?: HostIsolationOptions): Promise<void>;
  /**
   * Nothing gets through between two containers, by all evidence.
   *
   * @param other another container of the same engine
   * @param options `network`: the allowed connection, by default only a network that both were put in; `allow`: checks
   * that may be open
   */
  toBeIsolatedFrom(other: Subject, options?: ContainerIsolationOptions): Promise<void>;
  /**
   * A terminal shows a string, or its screen matches a pattern. The matcher waits until then. With `.not`, it waits
   * until the screen no longer does.
   *
   * @param options `timeout`: the time limit in milliseconds; default 4000, less than Jest's limit for a test
   */
  toShow(expected: string | RegExp, options?: WaitOptions): Promise<void>;
  /**
   * A program in a container listens on a TCP port. The matcher waits until then. With `.not`, it waits until no
   * program listens on the port.
   *
   * @param port a port in the container
   * @param options `timeout`: the time limit in milliseconds; default 4000, less than Jest's limit for a test
   */
  toListenOn(port: number, options?: WaitOptions): Promise<void>;
}
