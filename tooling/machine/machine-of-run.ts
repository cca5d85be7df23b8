import type { Machine } from './set-up';

/**
 * Jest loads global set-up and tear-down as modules of one process: the tear-down finds the machine here that the
 * set-up made.
 */
let machineOfRun: Machine | undefined;

export function rememberMachine(machine: Machine): void {
  machineOfRun = machine;
}

export function rememberedMachine(): Machine | undefined {
  return machineOfRun;
}
