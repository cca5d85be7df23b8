import { execFile } from 'node:child_process';
import { codeOf } from '../../support/errors';
import { findOnThisMachine } from './process';
import type { InspectResult } from '../subject';

type Pair = readonly [InspectResult, InspectResult];

/** Time limit of a connection, in seconds. Containers of one machine connect in less than a millisecond. */
const connectTimeoutSeconds = '0.5';

/** A port on which no program listens. The answer "refused" proves that packets got there and back. */
const unusedPort = 9;

/**
 * Tries to connect from each container's network to every address of the other. Programs of this machine do so, because
 * a container may have no program that can.
 *
 * @param owners the containers whose networks the two have
 * @returns the connections that got through, or why none could be tried
 */
export async function tryConnections(
  pair: Pair,
  owners: readonly InspectResult[],
): Promise<string[] | string> {
  const [one, other] = pair;
  const results = await Promise.all([tryFrom(one, other, owners[1]), tryFrom(other, one, owners[0])]);
  const reasons = results.filter((result) => typeof result === 'string');
  return reasons[0] ?? results.flat();
}

async function tryFrom(
  from: InspectResult,
  to: InspectResult,
  owner: InspectResult | undefined,
): Promise<string[] | string> {
  const pid = await findOnThisMachine(from);
  if (typeof pid === 'string') return 'the engine runs on another machine';
  const addresses = Object.values((owner ?? to).NetworkSettings.Networks)
    .flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address])
    .filter((address) => address !== '');
  const results = await Promise.all(addresses.map((address) => connect(pid, address)));
  const reason = results.find((result) => typeof result === 'string');
  if (reason !== undefined) return reason;
  return addresses
    .filter((_, index) => results[index] === true)
    .map((address) => `${from.Name.slice(1)} reaches ${to.Name.slice(1)} at ${address}`);
}

/** Tells if packets get from a process's network to an address and back, or why that can't be tried. */
function connect(pid: number, address: string): Promise<boolean | string> {
  const open = `exec 3<>/dev/tcp/${address}/${unusedPort}`;
  // --norc: bash takes a socket as its standard input, which Node.js gives it, for a login by ssh, and would read
  // ~/.bashrc (bash(1), INVOCATION).
  const args = [`--net=/proc/${pid}/ns/net`, 'timeout', connectTimeoutSeconds, 'bash', '--norc', '-c', open];
  return new Promise((resolve) => {
    execFile('nsenter', args, { env: { ...process.env, LC_ALL: 'C' } }, (error, _, stderr) => {
      if (error === null || stderr.includes('refused')) resolve(true);
      else if (codeOf(error) === 'ENOENT' || /nsenter|failed to run|Operation not permitted/.test(stderr)) {
        resolve(codeOf(error) === 'ENOENT' ? 'this machine has no nsenter' : stderr.trim());
      } else resolve(false);
    });
  });
}
