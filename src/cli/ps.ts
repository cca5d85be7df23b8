import { openedLabel } from '../container/options/openings';
import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedResource } from '../ownership/owned-resources';
import { ownerState, type OwnerState } from '../ownership/run';
import { printableJson } from '../support/printable';
import { shortId } from '../support/short-id';
import type { Command } from './command';
import { parseFlags } from './flags';
import { formatTable } from './table';
import { timeOfDay } from '../support/time';

export const psCommand: Command = {
  name: 'ps',
  summary: 'lists what belljar has in the engine, and whether its owner is alive, dead or unknown',
  help: [
    'Usage: belljar ps [--json]',
    '',
    'Lists the containers, networks and volumes that belljar has in the engine, the oldest first. For each,',
    'it shows the age, the run, and whether the owner is alive, dead or unknown. The owner is the process',
    'that the run belongs to. It is unknown if it is on another machine or in another pid namespace, as in a',
    'container. "kept" marks the containers that BELLJAR_KEEP=failed has kept, and their networks. OPENED BY',
    'has the options that open a container to the host, such as privileged and binds.',
    '',
    'Options:',
    '  --json      print [{ "kind", "id", "name", "created", "run", "pid", "owner", "kept", "openedBy" }]',
    '  -h, --help  print this',
    '',
    'Exit code: 0 if the engine has answered, 1 if not, 2 for a wrong option.',
  ].join('\n'),
  async run(args, output) {
    const { json } = parseFlags(args, ['json']);
    const { docker } = await connectEngine();
    const entries = (await listOwned(docker)).map(entryOf).sort((a, b) => a.created.localeCompare(b.created));
    output.print(json ? printableJson(entries) : formatEntries(entries, new Date(timeOfDay())));
    return 0;
  },
};

/** A resource, as `--json` prints it. */
export interface Entry {
  kind: OwnedResource['kind'];
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  run: string;
  /** The owner's process id, in the owner's pid namespace. */
  pid: number;
  owner: OwnerState;
  /** Whether BELLJAR_KEEP has kept it. */
  kept: boolean;
  /** The options that open a container to the host; empty if there are none. */
  openedBy: string[];
}

/** Returns a resource as `ps` and `clean` print it. */
export function entryOf({ kind, id, name, created, run, retained, labels }: OwnedResource): Entry {
  return {
    kind,
    id,
    name,
    created: created.toISOString(),
    run: run.id,
    pid: run.pid,
    owner: ownerState(run),
    kept: retained,
    openedBy: (labels[openedLabel] ?? '').split(' ').filter((option) => option !== ''),
  };
}

/** Formats the list for people. */
export function formatEntries(entries: readonly Entry[], now: Date): string {
  if (entries.length === 0) return 'belljar has nothing in the engine.';
  const rows = entries.map(({ kind, id, name, run, pid, owner, kept, created, openedBy }) => [
    kind,
    shortId(id),
    formatAge(now.getTime() - Date.parse(created)),
    run,
    `${kept ? 'kept, ' : ''}${owner} (process ${pid})`,
    openedBy.join(', ') || '-',
    name,
  ]);
  return formatTable([['KIND', 'ID', 'AGE', 'RUN', 'OWNER', 'OPENED BY', 'NAME'], ...rows]);
}

const units: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** @param milliseconds an age; negative if this machine's clock is behind the engine's */
export function formatAge(milliseconds: number): string {
  const [unit, size] = units.find(([, each]) => milliseconds >= each) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(milliseconds / size))} ${unit}`;
}
