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

/** A started container as a spec holds it: everything that can be done to it and seen of it. */
export interface Box extends StartedContainer, Commands, ChangeReader, ServiceWaits {
  /** The image it was made from. */
  readonly image: DerivableImage;
  /** The container's files. */
  readonly files: Files;
  /**
   * Starts a program that goes on - a server, a watcher - without waiting for its end. It ends with the container.
   *
   * @throws InvalidOptionError for options that can't be used
   * @throws CommandError for a program, directory or user that is not there
   */
  spawn(file: string, args?: readonly string[], options?: SpawnOptions): Promise<SpawnedProcess>;
  spawn(file: string, options: SpawnOptions): Promise<SpawnedProcess>;
  /**
   * Starts a program - by default the image's shell - on a terminal of its own, as `docker run -it` does.
   *
   * @throws InvalidOptionError for options that can't be used
   * @throws CommandError for a program, directory or user that is not there
   */
  terminal(options?: TerminalOptions): Promise<Terminal>;
  /**
   * Gathers evidence that nothing gets through between the container and this machine, as `toBeIsolatedFromHost` does, and
   * returns the evidence instead of judging it. Leaves nothing behind on either side.
   *
   * @param options `by`, the ways in which evidence is gathered, default all; `allow`, checks that may be open, default
   * none; `since`, how the host was before, default the last `host.watch()`
   * @returns every fact that was looked at; `isolated` is true if no fact is `open` or `unknown`
   * @throws InvalidOptionError for options that can't be used
   * @throws IsolationError `CONTAINER_GONE`
   */
  isolation(options?: HostIsolationOptions): Promise<IsolationReport<HostIsolationCheck>>;
  /**
   * Gathers evidence that nothing gets through between the container and another one of the same engine, in either
   * direction, as `toBeIsolatedFrom` does, and returns the evidence. Leaves nothing behind in either container.
   *
   * @param other the other container
   * @param options `network`, what is expected of the network between the two, default `apart`; `allow`, checks that may
   * be open, default none
   * @returns every fact that was looked at; `isolated` is true if no fact is `open` or `unknown`
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

/** Changes a fresh container into what the image is to hold. */
export type ImageSetUp = (box: Box) => unknown;

/** An image in the engine, from which others can be made by changing a container of it. */
export interface DerivableImage extends Image {
  /**
   * The image that a set-up makes of this one, which stays as it is. The first time, the set-up runs in a fresh container,
   * and what it leaves there becomes the image; from then on the engine has it, for every test, worker and later run, until
   * `belljar clean --images`. It is another image where the base, the text of the function or `key` is another. The
   * config - command, variables, user - is the base's. What still runs when the set-up ends is not part of an image, nor is
   * what lies in a volume.
   *
   * @param setUp changes the container that it is given: installs packages, writes files
   * @param options how, and what else the set-up depends on
   * @throws ImageError `IMAGE_NOT_DERIVED` where the set-up fails, with its error as `cause`; nothing is left then
   * @throws InvalidOptionError for an option that can't be used
   * @throws PollTimeoutError `TIMED_OUT` where another process has not made it in time
   */
  derive(setUp: ImageSetUp, options?: DeriveOptions): Promise<DerivableImage>;
}
