import { parseArguments } from '../command/arguments';
import { chooseTransport } from '../command/choose-transport';
import { createCommands, createRun } from '../command/commands';
import type { SpawnOptions } from '../command/spawn/options';
import { spawnProcess } from '../command/spawn/spawn';
import type { ContainerOptions } from '../container/options';
import type { StartedContainer } from '../container/started-container';
import { createChanges } from '../filesystem/changes/changes';
import type { LayerState } from '../filesystem/changes/layer';
import { createFiles } from '../filesystem/files';
import { createWaits } from '../service/waits';
import { brand } from '../support/brand';
import { redactorOf, withRedactor } from '../support/secrets/redact';
import { openTerminal } from '../terminal/terminal';
import type { Box } from './box';
import { derivable } from './image';
import { checkIsolation } from './isolation';
import { attachRecord, createRecord } from './record';

export interface BoxSettings {
  /** The options of the container, for reports. Default: none, for a container that belljar has not started. */
  options?: ContainerOptions;
  /** What the changes are compared with. Default: the image. */
  baseline?: LayerState;
  /** Opens a shell in the background, so that the first command is as quick as the next. Default false. */
  prepared?: boolean;
  /** Called once, before the first command that a persistent shell may carry. */
  onFirstCommand?: () => void;
  /** Whether commands and terminals are recorded for reports. Default false. */
  recorded?: boolean;
}

/** Creates the box of a started container: one object that holds the container and forwards to it. */
export function createBox(container: StartedContainer, settings: BoxSettings = {}): Box {
  const { options, baseline, prepared = false, onFirstCommand, recorded = false } = settings;
  const redactor = redactorOf(container);
  const transport = chooseTransport(container, onFirstCommand);
  if (prepared) transport.prepare();
  // belljar's own commands, for files and waits, are not among the commands of a report.
  const unrecorded = { run: createRun(container, transport) };
  const record = recorded ? createRecord(options, unrecorded, redactor) : undefined;
  const box: Box = {
    id: container.id,
    name: container.name,
    hostname: container.hostname,
    // A reconnection may give the container another address.
    get ip() {
      return container.ip;
    },
    user: container.user,
    image: derivable(container.image, createBox),
    get testcontainer() {
      return container.testcontainer;
    },
    docker: container.docker,
    removal: container.removal,
    port: (containerPort) => container.port(containerPort),
    logs: (options) => container.logs(options),
    stop: (stopping) => container.stop(stopping),
    restart: () => container.restart(),
    kill: (signal) => container.kill(signal),
    pause: () => container.pause(),
    unpause: () => container.unpause(),
    disconnect: () => container.disconnect(),
    reconnect: () => container.reconnect(),
    remove: () => container.remove(),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
    ...createCommands(container, transport, record?.log),
    ...createChanges(container, undefined, baseline),
    ...createWaits({ container, commands: unrecorded }),
    files: createFiles(container, unrecorded),
    spawn: async (...given: Parameters<typeof parseArguments<SpawnOptions>>) => {
      const { argv, options: spawning } = parseArguments(...given);
      return spawnProcess(container, argv, spawning, record?.log);
    },
    terminal: async (opening) => {
      const terminal = await openTerminal(container, opening);
      record?.addTerminal(terminal);
      return terminal;
    },
    isolation: ((first, checking) => checkIsolation(box, first, checking)) as Box['isolation'],
  };
  // It has the container's environment, with its secrets, which a printed box must not show.
  Object.defineProperty(box, 'testcontainer', { enumerable: false });
  if (record !== undefined) attachRecord(box, record);
  return withRedactor(brand(brand(box, 'box'), 'container', container), redactor);
}
