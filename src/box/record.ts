import type { Commands } from '../command/commands';
import { createCommandLog, type CommandLog } from '../command/log';
import type { ContainerOptions } from '../container/options';
import type { Redactor } from '../support/secrets/redact';
import type { Terminal } from '../terminal/terminal';
import type { Box } from './box';
import { timeOfDay } from '../support/time';

/** What was done with a box, for reports. */
export interface BoxRecord {
  /** How its container was started; undefined if belljar has not started it. */
  readonly options: ContainerOptions | undefined;
  readonly log: CommandLog;
  /** The last terminals that were opened. */
  readonly terminals: readonly OpenedTerminal[];
  /** Adds a terminal, and drops the oldest if there are too many. */
  addTerminal(terminal: Terminal): void;
  /** Runs commands that the log does not have. */
  readonly unrecorded: Pick<Commands, 'run'>;
}

export interface OpenedTerminal {
  readonly terminal: Terminal;
  /** When it was opened, in milliseconds since 1970. */
  readonly openedAt: number;
}

/** The property that holds a box's record. No printer and no comparison sees it. */
const recordName = Symbol('belljar.record');

/** The number of terminals that are kept for a report: each has a screen and a recording. */
const maxTerminals = 5;

/** Gives a box its record. */
export function attachRecord(box: Box, record: BoxRecord): void {
  Object.defineProperty(box, recordName, { value: record });
}

/** Returns what was recorded of a box; undefined if reports are off. */
export function recordOf(box: Box): BoxRecord | undefined {
  return (box as { readonly [recordName]?: BoxRecord })[recordName];
}

export function createRecord(
  options: ContainerOptions | undefined,
  unrecorded: BoxRecord['unrecorded'],
  redactor: Redactor,
): BoxRecord {
  const terminals: OpenedTerminal[] = [];
  return {
    options,
    log: createCommandLog(redactor),
    terminals,
    addTerminal: (terminal) => {
      terminals.push({ terminal, openedAt: timeOfDay() });
      if (terminals.length > maxTerminals) terminals.shift();
    },
    unrecorded,
  };
}
