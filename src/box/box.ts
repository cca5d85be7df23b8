import type { Commands } from '../command/commands';
import type { SpawnOptions } from '../command/spawn/options';
import type { SpawnedProcess } from '../command/spawn/spawn';
import type { StartedContainer } from '../container/started-container';
import type { ChangeReader } from '../filesystem/changes/changes';
import type { Files } from '../filesystem/files';
import type { Image } from '../image/image';
import type { IsolationReport } from '../isolation/evidence';
import type { ContainerIsolationCheck, ContainerIsolationOptions } from '../isolation/from-container';
import type { HostIsolationCheck, HostIsolationOptions } from '../isolation/from-host';
import type { ServiceWaits } from '../service/waits';
import { isOfKind } from '../support/brand';
import type { TerminalOptions } from '../terminal/options';
import type { Terminal } from '../terminal/terminal';
import type { DeriveOptions } from './derive-options';

/** A started container as a test holds it. */
export interface Box extends StartedContainer, Commands, ChangeReader, ServiceWaits {
  /** The image that the container was made from. */
  readonly image: DerivableImage;
  /** The container's files. */
  readonly files: Files;
  /**
   * Starts a long-running program, such as a server, and returns once it runs. The program ends with the container.
   *
   * @throws InvalidOptionError for options that can't be used
   * @throws CommandError for a program, directory or user that does not exist
   */
  spawn(file: string, args?: readonly string[], options?: SpawnOptions): Promise<SpawnedProcess>;
  spawn(file: string, options: SpawnOptions): Promise<SpawnedProcess>;
  /**
   * Starts a program on a terminal of its own, as `docker run -it` does. By default, the program is the image's shell.
   *
   * @throws InvalidOptionError for options that can't be used
   * @throws CommandError for a program, directory or user that does not exist
   */
  terminal(options?: TerminalOptions): Promise<Terminal>;
  /**
   * Gathers the evidence of `toBeIsolatedFromHost`: whether anything gets through between the container and this
   * machine. Returns the evidence and does not judge it. Removes its canaries on both sides.
   *
   * @param options `by`, the sources of evidence, default all; `allow`, checks that may be open, default
   * none; `since`, how the host was before, default the last `host.watch()`
   * @returns the report of all facts; `isolated` is true if no fact is `open` or `unknown`
   * @throws InvalidOptionError for options that can't be used
   * @throws IsolationError `CONTAINER_GONE`
   */
  isolation(options?: HostIsolationOptions): Promise<IsolationReport<HostIsolationCheck>>;
  /**
   * Gathers the evidence of `toBeIsolatedFrom`: whether anything gets through between the container and another
   * container of the same engine, in either direction. Removes its canaries in both containers.
   *
   * @param other the other container
   * @param options `network`, what is expected of the network between the two, default `apart`; `allow`, checks that
   * may be open, default none
   * @returns the report of all facts; `isolated` is true if no fact is `open` or `unknown`
   * @throws InvalidOptionError for options that can't be used
   * @throws IsolationError `SAME_CONTAINER`, `DIFFERENT_ENGINES`, `CONTAINER_GONE`
   */
  isolation(
    other: Box,
    options?: ContainerIsolationOptions,
  ): Promise<IsolationReport<ContainerIsolationCheck>>;
}

/** Returns whether something is a box, or a proxy of one. */
export function isBox(value: unknown): value is Box {
  return isOfKind(value, 'box');
}

/** Makes the changes that the derived image is to hold, in a fresh container. */
export type ImageSetUp = (box: Box) => unknown;

/** An image in the engine, from which others can be made by changing a container of it. */
export interface DerivableImage extends Image {
  /**
   * Returns the image that a set-up makes of this image. This image stays as it is.
   *
   * The first time, the set-up runs in a fresh container, and the container's files become the new image. The engine
   * keeps the image for every test, worker and later run, until `belljar clean --images`. Another base, another source
   * text of the function or another `key` makes another image. So does another content of what the set-up copied in by
   * `box.files.copyIn`: belljar hashes those files and directories again each time. belljar can't see what else the
   * set-up uses: values from outside of the function, files that it reads by itself, downloads. Put these into `key`.
   * The config is the base's: command, variables, user. Programs that still run when the set-up ends are not part of
   * the image. A set-up that writes to a volume fails, because no image holds a volume's content.
   *
   * @param setUp changes the container that it receives: installs packages, writes files
   * @param options limits and network of the set-up's container, and what else the set-up depends on
   * @throws ImageError `IMAGE_NOT_DERIVED` if the set-up fails, with its error as `cause`; `CHANGES_NOT_KEPT` if the
   * set-up changed a volume of this image, a file that the engine makes, such as /etc/hosts, or shared memory. belljar
   * removes the container
   * @throws InvalidOptionError for an option that can't be used
   * @throws PollTimeoutError `TIMED_OUT` if another process has not made the image in time
   */
  derive(setUp: ImageSetUp, options?: DeriveOptions): Promise<DerivableImage>;
}
