import { chosenChannel } from '../command/choose';
import { createCommands, type Commands } from '../command/commands';
import type { StartedContainer } from '../container/started-container';
import { createChanges, type ChangeReader } from '../filesystem/changes/changes';
import { createFiles, type Files } from '../filesystem/files';

/** A container as a spec holds it: everything that can be done to it and seen of it. */
export interface Box extends StartedContainer, Commands, ChangeReader {
  /** The container's files. */
  readonly files: Files;
}

/** Puts a box together around a started container. */
export function createBox(container: StartedContainer): Box {
  const commands = createCommands(container, chosenChannel(container));
  return {
    ...container,
    ...commands,
    ...createChanges(container),
    files: createFiles(container, commands),
  };
}
