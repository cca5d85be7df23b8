import { createHmac } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where a process runs, as far as it takes to tell whether a process number means the same here and there. */
export interface MachineIdentity {
  /**
   * The machine, as a hash of its id and its host name. Of the name too, because containers and machines made from one
   * image may share an id. Empty where the machine has none (machine-id(5)).
   */
  machine: string;
  /** This start of its kernel (random(4), `boot_id`). Empty off Linux. */
  bootId: string;
  /** The inode of the pid namespace, in which process numbers count (pid_namespaces(7)). Empty off Linux. */
  pidNamespace: string;
}

let known: MachineIdentity | undefined;

/** Where this process runs; none of it changes during a process's life. */
export function machineIdentity(): MachineIdentity {
  return (known ??= {
    machine: machineHash(),
    bootId: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: read(() => readlinkSync('/proc/self/ns/pid')).replace(/\D/g, ''),
  });
}

/** machine-id(5) asks that the id itself be kept from others: they get a hash that is this program's own. */
function machineHash(): string {
  const id = read(() => readFileSync('/etc/machine-id', 'utf8'));
  return id === '' ? '' : createHmac('sha256', id).update(`belljar ${hostname()}`).digest('hex').slice(0, 16);
}

function read(look: () => string): string {
  try {
    return look().trim();
  } catch {
    // Not Linux, or not told: whatever is asked about this place then stays unknown.
    return '';
  }
}
