import { frameReader } from '../command/frames';
import { boundedLines } from '../support/bounded-lines';
import { messageOf } from '../support/errors';
import { lastLines } from '../support/last-lines';
import { printable } from '../support/printable';
import type { ServiceHost } from './host';

/** What a failure shows of a container: the end of its log, and its processes. */
export async function describeSituation(host: ServiceHost): Promise<string> {
  const [log, processes] = await Promise.all([logEnd(host), processList(host)]);
  return `${log}\n\n${processes}`;
}

/** The end of what process 1 has printed, under a heading. */
export async function logEnd(host: ServiceHost): Promise<string> {
  const name = 'Log of process 1';
  try {
    const pieces: Buffer[] = [];
    const frames = await host.docker.logs({ stdout: true, stderr: true, tail: 50 });
    frameReader((_, bytes) => void pieces.push(bytes)).read(frames);
    return lastLines(name, Buffer.concat(pieces)) || `${name}: empty`;
  } catch (error) {
    // Some log drivers can't be read, and a container may be gone by now: the failure that this explains comes first.
    return `${name}: it can't be read: ${messageOf(error)}`;
  }
}

/** Its first line tells its own processes from all others. */
const listScript = `: belljar lists the processes
for directory in /proc/[0-9]*; do
  printf '%s ' "\${directory#/proc/}"
  tr '\\0' ' ' <"$directory/cmdline"
  echo
done 2>/dev/null
`;

/** Process ids and command lines, without those of processes that were gone before they could be read. */
async function processList(host: ServiceHost): Promise<string> {
  try {
    const { stdout } = await host.run('/bin/sh', ['-c', listScript], { reject: false, user: '0' });
    const lines = stdout
      .split('\n')
      .filter((line) => /^\d+ ./.test(line) && !line.includes(': belljar lists the processes'))
      .sort((left, right) => parseInt(left, 10) - parseInt(right, 10))
      .map((line) => `  ${printable(line.trimEnd())}`.slice(0, 200));
    return `Processes:\n${boundedLines(lines) || '  none could be read'}`;
  } catch (error) {
    // As above.
    return `Processes: they can't be read: ${messageOf(error)}`;
  }
}
