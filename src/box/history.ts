import type { Commands } from '../command/commands';
import type { CommandLog } from '../command/log';
import type { ContainerOptions } from '../container/options';
import type { Terminal } from '../terminal/terminal';
import type { Box } from './box';

/** What was done with a box, as far as it is noted. */
export interface BoxHistory {
  /** How it was started. */
  readonly options: ContainerOptions;
  readonly log: CommandLog;
  /** The last terminals that were opened, and when, in milliseconds since 1970. */
  readonly terminals: { readonly terminal: Terminal; readonly openedAt: number }[];
  /** The same ways to run commands, which note none. */
  readonly unrecorded: Commands;
}

/** How many terminals are held for a report: each has a screen and a recording. */
export const maxTerminals = 5;

const histories = new WeakMap<Box, BoxHistory>();

export function keepHistory(box: Box, history: BoxHistory): void {
  histories.set(box, history);
}

/** Undefined where nothing is noted: nobody has asked for reports. */
export function historyOf(box: Box): BoxHistory | undefined {
  return histories.get(box);
}
