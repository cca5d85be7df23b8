import { execFile } from 'node:child_process';
import { codeOf } from '../../support/errors';
import { IsolationError } from '../errors';
import type { InspectResult } from '../subject';
import { runProbeScript, type ContainerProbe } from './container-probe';
import { findOnThisMachine } from './process';

type Pair<Value> = readonly [Value, Value];

/** Time limit of a connection, in seconds. Containers of one machine connect in less than a millisecond. */
const connectTimeoutSeconds = '0.5';

/** A port on which no program listens. The answer "refused" proves that packets got there and back. */
const unusedPort = 9;

/**
 * Tries to connect from each container's network to every address of the other. Programs of this machine do so, because
 * a container may have no program that can. If this machine can't enter the container's network, programs of the
 * container do.
 *
 * @param owners the containers whose networks the two have
 * @returns the connections that got through, or why none could be tried
 */
export async function tryConnections(
  subjects: Pair<ContainerProbe>,
  pair: Pair<InspectResult>,
  owners: Pair<InspectResult>,
): Promise<string[] | string> {
  const results = await Promise.all([
    tryFrom(subjects[0], pair[0], pair[1], owners[1]),
    tryFrom(subjects[1], pair[1], pair[0], owners[0]),
  ]);
  const reasons = results.filter((result) => typeof result === 'string');
  return reasons[0] ?? results.flat();
}

async function tryFrom(
  subject: ContainerProbe,
  from: InspectResult,
  to: InspectResult,
  owner: InspectResult,
): Promise<string[] | string> {
  const addresses = Object.values(owner.NetworkSettings.Networks)
    .flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address])
    .filter((address) => address !== '');
  const fromOutside = await reachFromThisMachine(from, addresses);
  const reached =
    typeof fromOutside === 'string' ? await reachFromInside(subject, addresses, fromOutside) : fromOutside;
  if (typeof reached === 'string') return reached;
  return reached.map((address) => `${from.Name.slice(1)} reaches ${to.Name.slice(1)} at ${address}`);
}

/** Returns the addresses that can be reached, or why this machine can't try. */
async function reachFromThisMachine(
  from: InspectResult,
  addresses: readonly string[],
): Promise<string[] | string> {
  const pid = await findOnThisMachine(from);
  if (typeof pid === 'string') return 'the engine runs on another machine';
  const results = await Promise.all(addresses.map((address) => connect(pid, address)));
  const reason = results.find((result) => typeof result === 'string');
  return reason ?? addresses.filter((_, index) => results[index] === true);
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

/** Prints the addresses that answer, then `end`. Prints nothing if the container has no program that can connect. */
const reachScript = `
port=$1 limit=$2; shift 2
export LC_ALL=C
if command -v bash && command -v timeout; then
  try() { timeout "$limit" bash --norc -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$port"; }
elif command -v nc; then
  # Some versions of nc say why they failed only if they are told to.
  try() { nc -w 1 "$1" "$port" || nc -v -w 1 "$1" "$port"; }
else
  exit 0
fi >/dev/null
for address; do
  if said=$(try "$address" 2>&1 </dev/null); then echo "$address"; continue; fi
  case $said in *refused*) echo "$address" ;; esac
done
echo end`;

/** Returns the addresses that can be reached, or why neither this machine nor the container can try. */
async function reachFromInside(
  subject: ContainerProbe,
  addresses: readonly string[],
  whyNotOutside: string,
): Promise<string[] | string> {
  try {
    const output = await runProbeScript(subject, reachScript, [
      String(unusedPort),
      connectTimeoutSeconds,
      ...addresses,
    ]);
    const lines = output.split('\n').filter((line) => line !== '');
    return lines.at(-1) === 'end'
      ? lines.slice(0, -1)
      : `${whyNotOutside}, and ${subject.name} has neither bash and timeout nor nc`;
  } catch (error) {
    if (!(error instanceof IsolationError)) throw error;
    return `${whyNotOutside}, and ${error.message}`;
  }
}
