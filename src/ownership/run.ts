import { randomBytes } from 'node:crypto';
import { machineIdentity, type MachineIdentity } from './machine-identity';
import { identify, isAlive, isNumberTaken } from '../support/process-identity';

/** The process that a run lives and dies with. */
export interface Owner extends MachineIdentity {
  pid: number;
  /** When the process started, in clock ticks after boot (proc(5), `starttime`), because pids are reused. Empty off Linux. */
  pidStart: string;
}

/** One run of belljar, in one process or many: it owns the containers that its tests start. */
export interface Run extends Owner {
  /** Sixteen hexadecimal digits, unguessable. */
  id: string;
}

/** `unknown` if this process can't tell, because the owner is on another machine or in another pid namespace. */
export type OwnerState = 'alive' | 'dead' | 'unknown';

const variable = 'BELLJAR_RUN';

/** Returns the run that this process belongs to. The first process that asks begins one, and its children join it. */
export function currentRun(): Run {
  const inherited = process.env[variable];
  return inherited === undefined ? beginRun() : parseRun(inherited);
}

/** Returns the run that lives and dies with this process. Begins one if this process was in another process's run. */
export function ownRun(): Run {
  const run = currentRun();
  return isOwnedHere(run) ? run : beginRun();
}

/** Returns whether a run lives and dies with this process. */
export function isOwnedHere(run: Run): boolean {
  return (
    run.pid === process.pid &&
    run.pidStart === ownStart() &&
    run.pidNamespace === machineIdentity().pidNamespace
  );
}

/**
 * Returns the state of an owner. `dead` is certain: the process was in this pid namespace and is gone, or was on this
 * machine before its last start.
 *
 * @param place the machine and pid namespace of the process that asks
 */
export function ownerState(owner: Owner, place: MachineIdentity = machineIdentity()): OwnerState {
  if (owner.bootId === '' || place.bootId === '') return 'unknown';
  if (owner.bootId !== place.bootId)
    return owner.machine !== '' && owner.machine === place.machine ? 'dead' : 'unknown';
  if (owner.pidNamespace === '' || owner.pidNamespace !== place.pidNamespace) return 'unknown';
  return processState(owner);
}

function processState({ pid, pidStart }: Owner): OwnerState {
  if (!Number.isInteger(pid) || pid <= 0 || pidStart === '') return 'unknown';
  if (isAlive({ pid, startTime: pidStart })) return 'alive';
  // /proc shows another process with that number, or a zombie. It may hide a process, but kill(2) still finds its number.
  return identify(pid) === undefined && isNumberTaken(pid) && !canSeeProcesses() ? 'unknown' : 'dead';
}

/** Returns whether `/proc` shows processes of other users: process 1 always exists, and is root's. */
function canSeeProcesses(): boolean {
  return identify(1) !== undefined;
}

function beginRun(): Run {
  const run = {
    id: randomBytes(8).toString('hex'),
    pid: process.pid,
    pidStart: ownStart(),
    ...machineIdentity(),
  };
  process.env[variable] = formatRun(run);
  return run;
}

function ownStart(): string {
  return identify(process.pid)?.startTime ?? '';
}

function formatRun(run: Run): string {
  return [run.id, run.pid, run.pidStart, run.bootId, run.machine, run.pidNamespace].join(' ');
}

function parseRun(text: string): Run {
  const [id = '', pid = '', pidStart = '', bootId = '', machine = '', pidNamespace = ''] = text.split(' ');
  return { id, pid: Number(pid), pidStart, bootId, machine, pidNamespace };
}
