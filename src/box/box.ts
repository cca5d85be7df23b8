import { chooseTransport } from '../command/choose-transport';
import { createCommands, type Commands } from '../command/commands';
import { parseArguments } from '../command/arguments';
import { spawnProcess, type SpawnedProcess } from '../command/spawn/spawn';
import type { SpawnOptions } from '../command/spawn/options';
import { createCommandLog } from '../command/log';
import type { ContainerOptions } from '../container/options';
import type { StartedContainer } from '../container/started-container';
import { createChanges, type ChangeReader } from '../filesystem/changes/changes';
import { createFiles, type Files } from '../filesystem/files';
import { createWaits, type ServiceWaits } from '../service/waits';
import { brand, isOfKind } from '../support/brand';
import { redactorOf, withRedactor } from '../support/secrets/redact';
import type { TerminalOptions } from '../terminal/options';
import { openTerminal, type Terminal } from '../terminal/terminal';
import { keepHistory, maxTerminals, type BoxHistory } from './history';
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
  spawn(file: string, options: SpawnOptions): Promise<SpawnedProcess>;
  /**
   * Starts a program - by default the image's shell - on a terminal of its own, as `docker run -it` does.
   *
   * @throws InvalidOptionError for options that can't be used
   * @throws CommandError for a program, directory or user that is not there
   */
  terminal(options?: TerminalOptions): Promise<Terminal>;
}

export interface BoxSettings {
  /** How its container was started, for reports. */
  options?: ContainerOptions;
  /** Opens a shell at once, behind the scenes, so that the first command is as quick as the next. Default false. */
  prepared?: boolean;
  /** Called once, before the first command that a persistent shell may carry. */
  onFirstCommand?: () => void;
  /** Whether commands and terminals are noted for reports. Default false. */
  recorded?: boolean;
}

/** Puts a box together around a started container. */
export function createBox(container: StartedContainer, settings: BoxSettings = {}): Box {
  const { options = {}, prepared = false, onFirstCommand, recorded = false } = settings;
  const transport = chooseTransport(container, onFirstCommand);
  if (prepared) transport.prepare();
  const redactor = redactorOf(container);
  const log = recorded ? createCommandLog(redactor) : undefined;
  const terminals: BoxHistory['terminals'] = [];
  const unrecorded = createCommands(container, transport);
  // A copy of the container would not follow a reconnection.
  const ip = { get: () => container.ip, enumerable: true };
  const box: Box = {
    ...container,
    image: derivable(container.image, createBox),
    ...(log === undefined ? unrecorded : createCommands(container, transport, log)),
    ...createChanges(container),
    ...createWaits({ container, commands: unrecorded }),
    files: createFiles(container, unrecorded),
    spawn: async (...given: Parameters<typeof parseArguments<SpawnOptions>>) => {
      const { argv, options: spawning } = parseArguments(...given);
      return spawnProcess(container, argv, spawning, log);
    },
    terminal: async (opening) => {
      const terminal = await openTerminal(container, opening);
      if (log !== undefined) {
        terminals.push({ terminal, openedAt: Date.now() });
        if (terminals.length > maxTerminals) terminals.shift();
      }
      return terminal;
    },
  };
  Object.defineProperty(box, 'ip', ip);
  if (log !== undefined) keepHistory(box, { options, log, terminals, unrecorded });
  return withRedactor(brand(box, 'box'), redactor);
}

/** Returns whether something is a box, or a proxy of one. */
export function isBox(value: unknown): value is Box {
  return isOfKind(value, 'box');
}
