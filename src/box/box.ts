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
    ...commands,
    ...createChanges(container),
    files: createFiles(container, commands),
  };
}
