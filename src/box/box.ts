import { chosenChannel } from '../command/choose';
import { createCommands, type Commands } from '../command/commands';
import { spawnProcess, type SpawnedProcess } from '../command/spawn';
import type { SpawnOptions } from '../command/spawn-options';
import type { StartedContainer } from '../container/started-container';
import { createChanges, type ChangeReader } from '../filesystem/changes/changes';
import { createFiles, type Files } from '../filesystem/files';
import { createWaits, type ServiceWaits } from '../service/waits';
import type { TerminalOptions } from '../terminal/options';
import { openTerminal, type Terminal } from '../terminal/terminal';
import { derivable, type DerivableImage } from './image';

/** A container as a spec holds it: everything that can be done to it and seen of it. */
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
  /**
   * Starts a program - by default the image's shell - on a terminal of its own, as `docker run -it` does.
   *
   * @throws InvalidOptionError for options that can't be used
   * @throws CommandError for a program, directory or user that is not there
   */
  terminal(options?: TerminalOptions): Promise<Terminal>;
}

export interface BoxSettings {
  /** Opens a shell at once, behind the scenes, so that the first command is as quick as the next. Default false. */
  prepared?: boolean;
  /** Told at every command. */
  onCommand?: () => void;
}

/** Puts a box together around a started container. */
export function createBox(container: StartedContainer, { prepared, onCommand }: BoxSettings = {}): Box {
  const channel = chosenChannel(container);
  if (prepared === true) channel.prepare();
  const commands = createCommands(container, (request) => {
    onCommand?.();
    return channel(request);
  });
  return {
    ...container,
    image: derivable(container.image, createBox),
    // A copy would not follow a reconnection.
    get ip() {
      return container.ip;
    },
    ...commands,
    ...createChanges(container),
    ...createWaits({ ...container, ...commands }),
    files: createFiles(container, commands),
    spawn: (file, args = [], options) => spawnProcess(container, [file, ...args], options),
    terminal: (options) => openTerminal(container, options),
  };
}
