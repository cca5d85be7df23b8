import { existsSync } from 'node:fs';
import { bridgePrefix, type Layout } from '../layout';
import { run } from './system';

/*
 * The private engine runs with --iptables=false, so that it never touches the rules of the host's engine. belljar adds
 * the private engine's rules, in separate chains.
 */

/** Adds rules that allow outgoing connections of containers and no incoming ones, whatever the policy of FORWARD is. */
export async function addRules({ chain, name }: Layout, subnet: string): Promise<void> {
  const jump = `-m comment --comment "belljar private engine ${name}" -j ${chain}`;
  const bridged = bridgedTrafficIsFiltered();
  await restore([
    '*filter',
    `:${chain} - [0:0]`,
    // Traffic within one network passes, traffic between two of the engine's networks does not.
    ...(bridged ? [`-A ${chain} -s ${subnet} -d ${subnet} -m physdev --physdev-is-bridged -j ACCEPT`] : []),
    `-A ${chain} -s ${subnet} -d ${subnet} -j DROP`,
    `-A ${chain} -d ${subnet} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${chain} -d ${subnet} -j DROP`,
    `-A ${chain} -s ${subnet} -o ${bridgePrefix}+ -j DROP`,
    // For traffic to containers of the host's engine, or to other bridges of the machine, the machine's rules decide.
    `-A ${chain} -s ${subnet} -o docker0 -j RETURN`,
    `-A ${chain} -s ${subnet} -o br-+ -j RETURN`,
    `-A ${chain} -s ${subnet} -j ACCEPT`,
    `-I FORWARD 1 ${jump}`,
    'COMMIT',
    '*nat',
    `:${chain} - [0:0]`,
    ...(bridged ? [`-A ${chain} -m physdev --physdev-is-bridged -j RETURN`] : []),
    `-A ${chain} -s ${subnet} ! -d ${subnet} -j MASQUERADE`,
    `-I POSTROUTING 1 ${jump}`,
    'COMMIT',
  ]);
}

/** Removes the chains and every rule that jumps to them. Other rules stay in place. */
export async function removeRules({ chain }: Layout): Promise<void> {
  for (const table of ['filter', 'nat']) {
    const rules = (await run('iptables-save', ['-t', table])).split('\n');
    if (!rules.some((rule) => rule.startsWith(`:${chain} `))) continue;
    const jumps = rules.filter((rule) => rule.endsWith(`-j ${chain}`));
    const removals = jumps.map((rule) => rule.replace(/^-A/, '-D'));
    await restore([`*${table}`, ...removals, `-F ${chain}`, `-X ${chain}`, 'COMMIT']);
  }
}

/** Applies rules at once or not at all. With --noflush all other chains stay. */
export async function restore(lines: readonly string[]): Promise<void> {
  await run('iptables-restore', ['--wait', '--noflush'], `${lines.join('\n')}\n`);
}

/**
 * Returns whether packets between two ports of one bridge pass the rules too. They do once the kernel module
 * br_netfilter is loaded. The match `physdev` would load the module, and so change how all bridges of the machine work.
 */
function bridgedTrafficIsFiltered(): boolean {
  return existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables');
}
