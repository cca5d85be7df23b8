import { createHmac } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The machine and pid namespace of a process: if two processes agree in these, a process number means the same to both. */
export interface MachineIdentity {
  /**
   * The machine, as a hash of its id and its host name. The name is part of it because containers and machines made from
   * one image may share an id. Empty if the machine has no id (machine-id(5)).
   */
  machine: string;
  /** This start of its kernel (random(4), `boot_id`). Empty off Linux. */
  bootId: string;
  /** The inode of the pid namespace, in which process numbers count (pid_namespaces(7)). Empty off Linux. */
  pidNamespace: string;
}

let known: MachineIdentity | undefined;

/** Returns the identity of this process's machine and pid namespace, which never changes during a process's life. */
export function machineIdentity(): MachineIdentity {
  return (known ??= {
    machine: machineHash(),
    bootId: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: read(() => readlinkSync('/proc/self/ns/pid')).replace(/\D/g, ''),
  });
}

/** machine-id(5) asks not to disclose the id itself: labels get a hash that only this program computes. */
function machineHash(): string {
  const id = read(() => readFileSync('/etc/machine-id', 'utf8'));
  return id === '' ? '' : createHmac('sha256', id).update(`belljar ${hostname()}`).digest('hex').slice(0, 16);
}

function read(source: () => string): string {
  try {
    return source().trim();
  } catch {
    // Not Linux, or not readable: owners then count as unknown.
    return '';
  }
}
