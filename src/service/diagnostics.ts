import { outputEndOf } from '../command/errors';
import { readLogs } from '../container/logs';
import { printedCommand } from '../command/origin';
import type { StartedContainer } from '../container/started-container';
import { spawnedIn, type SpawnedState } from '../command/spawn/spawned';
import { messageOf } from '../support/errors';
import { firstLines, outputEnd } from '../support/lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import { idleHint } from './idle-hint';
import type { ServiceContainer } from './service-container';
import { listProcesses } from './processes';

/**
 * Formats the diagnostics of a container: that it idles, if it should serve; the end of its log; its spawned processes
 * with their output; its processes.
 */
export async function formatDiagnostics(service: ServiceContainer): Promise<string> {
  const { container } = service;
  const [hint, log, processes] = await Promise.all([
    hintOf(container),
    logEnd(container),
    processList(service),
  ]);
  const parts = [hint, log, ...spawnedIn(container).map(formatSpawned), processes];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

async function hintOf(container: StartedContainer): Promise<string | undefined> {
  try {
    return await idleHint(container);
  } catch {
    // The container may be gone. The failure that this explains matters more.
    return undefined;
  }
}

/** Formats a spawned process: whether it runs, and the end of its output. */
function formatSpawned({ result, ended }: SpawnedState): string {
  const state = !ended ? 'is running' : `ended with ${result.signal ?? `exit code ${result.exitCode}`}`;
  const heading = `Spawned: ${printedCommand(result)}\nIt ${state}`;
  const printed = outputEndOf(result).trim();
  return printed === '' ? `${heading}, and has printed nothing.` : `${heading}.\n${printed}`;
}

/** Returns the end of the output of process 1, under a heading. */
export async function logEnd(container: StartedContainer): Promise<string> {
  const name = 'Log of process 1';
  try {
    return (
      outputEnd(name, await readLogs(container.docker, { tail: 50 }), redactorOf(container)) ||
      `${name}: empty`
    );
  } catch (error) {
    // Some log drivers can't be read, and the container may be gone. The failure that this explains matters more.
    return `${name}: can't be read: ${messageOf(error)}`;
  }
}

/** Formats the processes, a line each. Long lines are cut. */
async function processList({ container, commands }: ServiceContainer): Promise<string> {
  const { redact } = redactorOf(container);
  try {
    const lines = (await listProcesses(commands)).map((line) => `  ${printable(redact(line))}`.slice(0, 200));
    return `Processes:\n${firstLines(lines).join('\n') || "  can't be read"}`;
  } catch (error) {
    // As above.
    return `Processes: can't be read: ${messageOf(error)}`;
  }
}
