import { outputEndOf } from '../command/error';
import { readLogs } from '../container/logs';
import { printedCommand } from '../command/origin';
import { spawnedIn, type SpawnedState } from '../command/spawn/spawned';
import { messageOf } from '../support/errors';
import { firstLines, outputEnd } from '../support/lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import type { ServiceContainer } from './service-container';
import { listProcesses } from './processes';

/** What a failure shows of a container: the end of its log and of what was spawned in it, and its processes. */
export async function formatDiagnostics(host: ServiceContainer): Promise<string> {
  const [log, processes] = await Promise.all([logEnd(host), processList(host)]);
  return [log, ...spawnedIn(host).map(formatSpawned), processes].join('\n\n');
}

/** A process that was spawned, whether it runs, and the end of what it has printed. */
function formatSpawned({ result, ended }: SpawnedState): string {
  const state = !ended ? 'runs' : `has ended with ${result.signal ?? `exit code ${result.exitCode}`}`;
  const heading = `Spawned: ${printedCommand(result)}\nIt ${state}`;
  const printed = outputEndOf(result).trim();
  return printed === '' ? `${heading}, and has printed nothing.` : `${heading}.\n${printed}`;
}

/** The end of what process 1 has printed, under a heading. */
export async function logEnd(host: ServiceContainer): Promise<string> {
  const name = 'Log of process 1';
  try {
    return outputEnd(name, await readLogs(host.docker, 50), redactorOf(host)) || `${name}: empty`;
  } catch (error) {
    // Some log drivers can't be read, and a container may be gone by now: the failure that this explains comes first.
    return `${name}: it can't be read: ${messageOf(error)}`;
  }
}

/** A line each; what is too long is cut. */
async function processList(host: ServiceContainer): Promise<string> {
  const { redact } = redactorOf(host);
  try {
    const lines = (await listProcesses(host)).map((line) => `  ${printable(redact(line))}`.slice(0, 200));
    return `Processes:\n${firstLines(lines).join('\n') || '  none could be read'}`;
  } catch (error) {
    // As above.
    return `Processes: they can't be read: ${messageOf(error)}`;
  }
}
