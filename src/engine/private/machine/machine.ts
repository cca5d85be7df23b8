import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../../support/errors';
import { restore } from './rules';
import { run } from './system';

/*
 * Settings that all private engines of a machine share. belljar changes them before the first engine starts, and only
 * if they differ. It restores them after the last engine is removed.
 */

interface Changes {
  /** The network namespace in which they were made. */
  network: string;
  /** If forwarding was off, the settings before the change: paths in /proc/sys and their contents. */
  forwarding: Record<string, string> | undefined;
  containerdDirectory: boolean;
}

const interfaceSettings = '/proc/sys/net/ipv4/conf';

const forwardingSwitch = '/proc/sys/net/ipv4/ip_forward';

/** The mount point of every daemon's own directory for containerd, see daemon.ts. */
export const containerdDirectory = '/run/containerd';

/** Forwarding was off, so packets that are not the engines' must still not be forwarded. */
const dropRule = 'FORWARD -m comment --comment "belljar: forwarding was off" -j DROP';

/** Switches forwarding on if it is off, and creates containerd's directory. The caller must hold the machine's lock. */
export async function prepareMachine(runDirectory: string): Promise<void> {
  const changes: Changes = {
    network: currentNetwork(),
    forwarding: read(forwardingSwitch) === '0' ? readForwarding() : undefined,
    containerdDirectory: !existsSync(containerdDirectory),
  };
  if (!existsSync(changesFile(runDirectory)))
    writeFileSync(changesFile(runDirectory), JSON.stringify(changes));
  mkdirSync(containerdDirectory, { recursive: true, mode: 0o711 });
  if (changes.forwarding === undefined) return;
  await restore(['*filter', `-A ${dropRule}`, 'COMMIT']);
  writeFileSync(forwardingSwitch, '1');
}

/** Undoes {@link prepareMachine} if there is no other private engine. The caller must hold the machine's lock. */
export async function restoreMachine(runDirectory: string): Promise<void> {
  const file = changesFile(runDirectory);
  if (!existsSync(file) || enginesIn(runDirectory).length > 0) return;
  const changes = JSON.parse(readFileSync(file, 'utf8')) as Changes;
  // Another network namespace was not changed. The settings of a namespace are gone with the namespace.
  if (changes.forwarding !== undefined && changes.network === currentNetwork())
    await restoreForwarding(changes.forwarding);
  if (changes.containerdDirectory) removeEmpty(containerdDirectory);
  rmSync(file);
  removeEmpty(runDirectory);
}

/**
 * Reads the settings that the switch resets: forwarding of each interface, and redirects (ip-sysctl.rst, ip_forward).
 */
function readForwarding(): Record<string, string> {
  const interfaces = readdirSync(interfaceSettings).map((name) =>
    join(interfaceSettings, name, 'forwarding'),
  );
  const files = [forwardingSwitch, ...interfaces, join(interfaceSettings, 'all/accept_redirects')];
  return Object.fromEntries(files.map((file) => [file, read(file)]));
}

async function restoreForwarding(settings: Record<string, string>): Promise<void> {
  for (const [file, value] of Object.entries(settings)) {
    if (existsSync(file) && read(file) !== value) writeFileSync(file, value);
  }
  const rules = (await run('iptables-save', ['-t', 'filter'])).split('\n');
  const removals = rules.filter((rule) => rule === `-A ${dropRule}`).map((rule) => rule.replace(/^-A/, '-D'));
  await restore(['*filter', ...removals, 'COMMIT']);
}

function currentNetwork(): string {
  return readlinkSync('/proc/self/ns/net');
}

function read(file: string): string {
  return readFileSync(file, 'utf8').trim();
}

/** Returns the names of the private engines that have a directory in `runDirectory`, running or orphaned. */
export function enginesIn(runDirectory: string): string[] {
  if (!existsSync(runDirectory)) return [];
  return readdirSync(runDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function changesFile(runDirectory: string): string {
  return join(runDirectory, 'machine.json');
}

/** Removes a directory unless another program has put a file into it. */
function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'ENOENT') throw error;
  }
}
