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
 * What all private engines of a machine need and share: done before the first of them starts, undone after the last one
 * is gone, and only where it was not so before.
 */

interface Changes {
  /** The network namespace that they were made in. */
  network: string;
  /** The settings as they were, where forwarding was off: files of the kernel's and what they said. */
  forwarding: Record<string, string> | undefined;
  containerdDirectory: boolean;
}

const interfaceSettings = '/proc/sys/net/ipv4/conf';

const forwardingSwitch = '/proc/sys/net/ipv4/ip_forward';

/** Every daemon starts with a directory of its own mounted over this one, see daemon.ts. */
export const containerdDirectory = '/run/containerd';

/** Nothing was passed on between interfaces before, so nothing that isn't the engines' is now. */
const dropRule = 'FORWARD -m comment --comment "belljar: forwarding was off" -j DROP';

/** Switches forwarding on where it is off, and makes what daemons need. Call it under the machine's lock. */
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

/** Undoes {@link prepareMachine} where no private engine is left. Call it under the machine's lock. */
export async function restoreMachine(runDirectory: string): Promise<void> {
  const file = changesFile(runDirectory);
  if (!existsSync(file) || enginesIn(runDirectory).length > 0) return;
  const changes = JSON.parse(readFileSync(file, 'utf8')) as Changes;
  // In another network they would be changes, and where their own is gone they are gone with it.
  if (changes.forwarding !== undefined && changes.network === currentNetwork())
    await restoreForwarding(changes.forwarding);
  if (changes.containerdDirectory) removeEmpty(containerdDirectory);
  rmSync(file);
  removeEmpty(runDirectory);
}

/** The switch resets these: what each interface does, and whether hosts may redirect (ip-sysctl.rst, ip_forward). */
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

/** The names of the private engines that have a directory there, running or left behind. */
export function enginesIn(runDirectory: string): string[] {
  if (!existsSync(runDirectory)) return [];
  return readdirSync(runDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function changesFile(runDirectory: string): string {
  return join(runDirectory, 'machine.json');
}

/** Somebody else may have put something there meanwhile, and then it is theirs. */
function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'ENOENT') throw error;
  }
}
