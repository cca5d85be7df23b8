import { randomBytes } from 'node:crypto';
import { machineIdentity, type MachineIdentity } from './machine-identity';
import { identify, isAlive, isNumberTaken } from '../support/process-identity';

/** A process that something belongs to. */
export interface Owner extends MachineIdentity {
  pid: number;
  /**
   * When that process started, in clock ticks after boot (proc(5), `starttime`): tells a reused pid. Empty off Linux.
   */
  pidStart: string;
}

/** One run of belljar: what owns the containers that its tests start, in however many worker processes. */
export interface Run extends Owner {
  /** Unguessable, sixteen hexadecimal digits. The other fields tell the process that the run lives and dies with. */
  id: string;
}

/** `unknown` where nobody here can tell: the owner is of another machine, or of another pid namespace. */
export type OwnerState = 'alive' | 'dead' | 'unknown';

const variable = 'BELLJAR_RUN';

/** The run that this process belongs to. The first process that asks begins one, and its children join it. */
export function currentRun(): Run {
  const inherited = process.env[variable];
  return inherited === undefined ? beginRun() : parseRun(inherited);
}

/** The run that lives and dies with this process: begun now, where this process was in another's until now. */
export function ownRun(): Run {
  const run = currentRun();
  return isOwnedHere(run) ? run : beginRun();
}

/** Whether a run lives and dies with this process. */
export function isOwnedHere(run: Run): boolean {
  return (
    run.pid === process.pid &&
    run.pidStart === ownStart() &&
    run.pidNamespace === machineIdentity().pidNamespace
  );
}

/**
 * What is known of an owner. `dead` is only said for certain: of a process of this pid namespace
 * that is gone, or of this machine before its last start.
 *
 * @param place where the question is asked
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
  // Another process of that number, or one that has ended, can be seen; a hidden one can only be felt.
  return identify(pid) === undefined && isNumberTaken(pid) && !canSeeProcesses() ? 'unknown' : 'dead';
}

/** Whether `/proc` shows processes of other users: process 1 is always there, and root's. */
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
