import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../support/errors';
import type { Layout } from '../layout';
import { networksOf } from './subnet';
import { run } from './system';

interface NetworkInterface {
  ifname: string;
  master?: string;
  mtu?: number;
}

/**
 * Makes the engine's default bridge. It is made before the daemon starts, because a daemon that is told to make do
 * without (`--bridge none`) deletes docker0, which is the host's engine's.
 */
export async function createBridge({ bridge, name }: Layout, subnet: string): Promise<void> {
  await run('ip', ['link', 'add', 'name', bridge, 'type', 'bridge']);
  await run('ip', ['link', 'set', 'dev', bridge, 'alias', `belljar private engine ${name}`]);
  await run('ip', ['address', 'add', networksOf(subnet).gateway, 'dev', bridge]);
  await run('ip', ['link', 'set', 'dev', bridge, 'up']);
}

/** Removes the engine's bridges and what is plugged into them. */
export async function removeBridges({ bridge }: Layout, dataRoot: string): Promise<void> {
  const links = await listLinks();
  const ours = new Set([bridge, ...networkBridges(dataRoot)]);
  const plugged = links.filter(({ master }) => master !== undefined && ours.has(master));
  for (const { ifname } of [...plugged, ...links.filter((link) => ours.has(link.ifname))])
    await removeLink(ifname);
}

/** What a packet may measure on its way out, in bytes, where that is less than the engine takes for granted. */
export async function outwardMtu(): Promise<number | undefined> {
  const routes = JSON.parse(await run('ip', ['-4', '-json', 'route', 'show', 'default'])) as {
    dev?: string;
  }[];
  const links = await listLinks();
  const mtu = links.find(({ ifname }) => ifname === routes[0]?.dev)?.mtu;
  return mtu !== undefined && mtu < 1500 ? mtu : undefined;
}

async function listLinks(): Promise<NetworkInterface[]> {
  return JSON.parse(await run('ip', ['-json', 'link', 'show'])) as NetworkInterface[];
}

async function removeLink(name: string): Promise<void> {
  try {
    await run('ip', ['link', 'delete', 'dev', name]);
  } catch (error) {
    // A container's end of the cable takes the other with it, in its own time.
    if (!messageOf(error).includes('Cannot find device')) throw error;
  }
}

/** Where the daemon keeps its networks; `bridge/<id>` in it has the bridge br-<first 12 digits of id>. */
export function networkDatabase(dataRoot: string): string {
  return join(dataRoot, 'network/files/local-kv.db');
}

/**
 * The bridges of networks that users of the engine made. Read from the daemon's database, which outlives a daemon that
 * was killed; names of networks long removed are in it too, and harmless.
 */
function networkBridges(dataRoot: string): string[] {
  const file = networkDatabase(dataRoot);
  if (!existsSync(file)) return [];
  const ids = readFileSync(file, 'latin1').matchAll(
    /docker\/network\/v1\.0\/bridge\/([0-9a-f]{12})[0-9a-f]{52}/g,
  );
  return [...ids].map(([, id = '']) => `br-${id}`);
}
