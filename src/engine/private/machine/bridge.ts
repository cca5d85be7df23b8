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
 * Creates the engine's default bridge before the daemon starts. A daemon without a bridge (`--bridge none`) would
 * delete docker0, which belongs to the host's engine.
 */
export async function createBridge({ bridge, name }: Layout, subnet: string): Promise<void> {
  await run('ip', ['link', 'add', 'name', bridge, 'type', 'bridge']);
  await run('ip', ['link', 'set', 'dev', bridge, 'alias', `belljar private engine ${name}`]);
  await run('ip', ['address', 'add', networksOf(subnet).gateway, 'dev', bridge]);
  await run('ip', ['link', 'set', 'dev', bridge, 'up']);
}

/** Removes the engine's bridges and the interfaces that are connected to them. */
export async function removeBridges({ bridge }: Layout, dataRoot: string): Promise<void> {
  const links = await listLinks();
  const ours = new Set([bridge, ...networkBridges(dataRoot)]);
  const plugged = links.filter(({ master }) => master !== undefined && ours.has(master));
  for (const { ifname } of [...plugged, ...links.filter((link) => ours.has(link.ifname))])
    await removeLink(ifname);
}

/** Returns the MTU of the default route, in bytes, if it is less than 1500, which the engine assumes. */
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
    // An interface is removed with its peer in a container, and that may happen meanwhile.
    if (!messageOf(error).includes('Cannot find device')) throw error;
  }
}

/** Returns the path of the daemon's network database. The network `bridge/<id>` has the bridge br-<12 digits of id>. */
export function networkDatabase(dataRoot: string): string {
  return join(dataRoot, 'network/files/local-kv.db');
}

/**
 * Returns the bridges of networks that users of the engine created. Reads the daemon's database, which outlives a
 * killed daemon. The database also names networks that were removed long ago, which does no harm.
 */
function networkBridges(dataRoot: string): string[] {
  const file = networkDatabase(dataRoot);
  if (!existsSync(file)) return [];
  const ids = readFileSync(file, 'latin1').matchAll(
    /docker\/network\/v1\.0\/bridge\/([0-9a-f]{12})[0-9a-f]{52}/g,
  );
  return [...ids].map(([, id = '']) => `br-${id}`);
}
