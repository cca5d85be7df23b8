import type { Machine } from '../scripts/set-up';

/** Jest loads global set-up and tear-down as modules of one process: what one made, the other takes down. */
let kept: Machine | undefined;

export function keepMachine(machine: Machine): void {
  kept = machine;
}

export function keptMachine(): Machine | undefined {
  return kept;
}
