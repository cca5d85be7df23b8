import { isIPv4 } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { InvalidOptionError } from '../../../support/errors';
import { PrivateEngineError } from '../../errors';
import { run } from './system';

/** A range of IPv4 addresses: the first address as a number, and the length of the common prefix in bits. */
export interface Subnet {
  base: number;
  prefix: number;
}

/**
 * Returns a range of addresses that is not in use on this machine: `wanted`, or one that belljar chooses.
 *
 * @throws PrivateEngineError `PRIVATE_ENGINE_SUBNET_IN_USE`
 */
export async function chooseSubnet(wanted: string | undefined): Promise<string> {
  const used = await usedSubnets();
  const free = (subnet: string): boolean => {
    const range = parseSubnet(subnet);
    return !used.some((other) => overlap(range, other));
  };
  const chosen = (wanted === undefined ? candidates : [wanted]).find(free);
  if (chosen !== undefined) return chosen;
  const what = wanted === undefined ? 'All ranges that belljar chooses from are' : `The subnet ${wanted} is`;
  throw new PrivateEngineError(
    'PRIVATE_ENGINE_SUBNET_IN_USE',
    `${what} in use on this machine (ip route show table all; ip address). Set the option "subnet" to another range.`,
  );
}

/** The upper end of 10.0.0.0/8, which clouds and offices use least, then the rest of the private ranges. */
const candidates = [
  ...numbers(231, 254).map((n) => `10.${n}.0.0/16`),
  ...numbers(18, 31).map((n) => `172.${n}.0.0/16`),
  ...[128, 192].map((n) => `192.168.${n}.0/18`),
];

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Splits the engine's subnet for its networks: /24 each, the first of which is the default bridge's. */
export function networksOf(subnet: string): { pool: string; gateway: string } {
  const { base, prefix } = parseSubnet(subnet);
  return { pool: `base=${format(base)}/${prefix},size=24`, gateway: `${format(base + 1)}/24` };
}

/**
 * Parses a range such as `10.231.0.0/16`. An address alone is a range of one.
 *
 * @throws InvalidOptionError `INVALID_OPTION`
 */
export function parseSubnet(text: string, limits = { shortest: 0, longest: 32 }): Subnet {
  const [address = '', length = '32', ...more] = text.split('/');
  const prefix = Number(length);
  if (!isIPv4(address) || !/^\d+$/.test(length) || prefix > 32 || more.length > 0) {
    throw new InvalidOptionError('subnet', 'must be IPv4 addresses such as 10.231.0.0/16', text);
  }
  if (prefix < limits.shortest || prefix > limits.longest) {
    throw new InvalidOptionError('subnet', `must be from /${limits.shortest} to /${limits.longest}`, text);
  }
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const base = firstOf(number, prefix);
  return { base, prefix };
}

function firstOf(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}

function overlap(one: Subnet, other: Subnet): boolean {
  const prefix = Math.min(one.prefix, other.prefix);
  return firstOf(one.base, prefix) === firstOf(other.base, prefix);
}

function format(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** Wider ranges than this are default routes in two halves, as VPNs set them (0.0.0.0/1 and 128.0.0.0/1). */
const widestRoute = 8;

/** Returns the ranges of routes and addresses, and the name servers, which may be reached by the default route only. */
async function usedSubnets(): Promise<Subnet[]> {
  const routes = JSON.parse(await run('ip', ['-4', '-json', 'route', 'show', 'table', 'all'])) as {
    dst?: string;
  }[];
  const links = JSON.parse(await run('ip', ['-4', '-json', 'address', 'show'])) as {
    addr_info?: { local?: string; prefixlen?: number }[];
  }[];
  const addresses = links
    .flatMap((link) => link.addr_info ?? [])
    .map(({ local, prefixlen }) => `${local ?? ''}/${prefixlen ?? 32}`);
  return [...routes.map(({ dst }) => dst ?? ''), ...addresses, ...nameServers()]
    .filter((text) => isIPv4(text.split('/')[0] ?? ''))
    .map((text) => parseSubnet(text))
    .filter(({ prefix }) => prefix >= widestRoute);
}

function nameServers(): string[] {
  const file = existsSync('/etc/resolv.conf') ? readFileSync('/etc/resolv.conf', 'utf8') : '';
  return [...file.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address = '']) => address);
}
