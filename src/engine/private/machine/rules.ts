import { existsSync } from 'node:fs';
import { bridgePrefix, type Layout } from '../layout';
import { run } from './system';

/*
 * The private engine runs with --iptables=false, so that it never touches the rules of the host's engine. These are its
 * own, in chains of its own.
 */

/** Lets containers out and nobody in, whatever the host's engine made the policy of FORWARD. */
export async function addRules({ chain, name }: Layout, subnet: string): Promise<void> {
  const jump = `-m comment --comment "belljar private engine ${name}" -j ${chain}`;
  const bridged = bridgedTrafficIsFiltered();
  await restore([
    '*filter',
    `:${chain} - [0:0]`,
    // Within one network traffic passes, between two of the engine's networks it doesn't.
    ...(bridged ? [`-A ${chain} -s ${subnet} -d ${subnet} -m physdev --physdev-is-bridged -j ACCEPT`] : []),
    `-A ${chain} -s ${subnet} -d ${subnet} -j DROP`,
    `-A ${chain} -d ${subnet} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${chain} -d ${subnet} -j DROP`,
    `-A ${chain} -s ${subnet} -o ${bridgePrefix}+ -j DROP`,
    // Towards containers of the host's engine, or a bridge of the machine's own, the machine's rules decide.
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

/** Removes the chains and every rule that leads to them; those of others stay where and as they are. */
export async function removeRules({ chain }: Layout): Promise<void> {
  for (const table of ['filter', 'nat']) {
    const rules = (await run('iptables-save', ['-t', table])).split('\n');
    if (!rules.some((rule) => rule.startsWith(`:${chain} `))) continue;
    const jumps = rules.filter((rule) => rule.endsWith(`-j ${chain}`));
    const removals = jumps.map((rule) => rule.replace(/^-A/, '-D'));
    await restore([`*${table}`, ...removals, `-F ${chain}`, `-X ${chain}`, 'COMMIT']);
  }
}

/** With --noflush all other chains stay, and the whole is done at once or not at all. */
export async function restore(lines: readonly string[]): Promise<void> {
  await run('iptables-restore', ['--wait', '--noflush'], `${lines.join('\n')}\n`);
}

/**
 * Whether packets between two ports of one bridge pass the rules too, which they do once the kernel's module
 * br_netfilter is loaded. The match `physdev` would load it, and so change how all bridges of the machine work.
 */
function bridgedTrafficIsFiltered(): boolean {
  return existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables');
}
