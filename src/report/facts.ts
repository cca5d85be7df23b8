import type { BoxRecord } from '../box/record';
import type { Box } from '../box/box';
import { readLogs } from '../container/logs';
import { formatChanges } from '../filesystem/changes/format';
import { messageOf } from '../support/errors';
import { firstLines } from '../support/lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import { withinTime } from '../support/within-time';
import { listProcesses } from '../service/processes';
import { tailOf, section } from './text';

/** How long each part may take, in milliseconds: a container that hangs must not delay the tests. */
const limit = 10_000;

const maxListed = { changes: 500, processes: 100, log: 100 };

/** Returns the state of a living container: each part under its heading, or why it could not be read. */
export async function lookAt(box: Box, record: BoxRecord | undefined): Promise<string[]> {
  const parts = await Promise.all([
    look('State', () => state(box)),
    look('Processes', () => processes(box, record)),
    look('Changes', () => changes(box)),
    look('Log of process 1', () => log(box)),
  ]);
  return parts.flat();
}

async function look(heading: string, read: () => Promise<string[]>): Promise<string[]> {
  try {
    return section(heading, await withinTime(read(), limit, `it took longer than ${limit} ms`));
  } catch (error) {
    return section(heading, [`could not be read: ${printable(messageOf(error)).split('\n')[0] ?? ''}`]);
  }
}

async function state({ docker }: Box): Promise<string[]> {
  const { State } = await docker.inspect();
  const end = State.Running ? '' : `, exit code ${State.ExitCode}, ended ${State.FinishedAt}`;
  return [`${State.Status}${end}${State.OOMKilled ? ', killed because memory ran out' : ''}`];
}

/**
 * Lists the processes by a command in the container, or by the engine if no command can run, as in a stopped container.
 */
async function processes(box: Box, record: BoxRecord | undefined): Promise<string[]> {
  const inside = await listProcesses(record?.unrecorded ?? box, { timeout: limit / 2 }).catch(() => []);
  const lines = inside.length > 0 ? inside : await processesByEngine(box);
  return firstLines(
    lines.map((line) => printable(redactorOf(box).redact(line))),
    maxListed.processes,
  );
}

async function processesByEngine({ docker }: Box): Promise<string[]> {
  const { Titles, Processes } = (await docker.top()) as { Titles: string[]; Processes: string[][] | null };
  return [Titles, ...(Processes ?? [])].map((row) => row.join(' '));
}

async function changes(box: Box): Promise<string[]> {
  return firstLines(formatChanges(await box.changes()).split('\n'), maxListed.changes);
}

async function log(box: Box): Promise<string[]> {
  const text = redactorOf(box).redact(await readLogs(box.docker, { tail: maxListed.log }));
  return text === '' ? ['empty'] : tailOf(text, maxListed.log);
}
