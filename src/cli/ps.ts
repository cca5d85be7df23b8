import { connectEngine } from '../engine/connect/connection';
import { listOwned, type OwnedResource } from '../ownership/owned-resources';
import { ownerState, type OwnerState } from '../ownership/run';
import { printableJson } from '../support/printable';
import { shortId } from '../support/short-id';
import type { Command } from './command';
import { parseFlags } from './flags';
import { formatTable } from './table';

export const psCommand: Command = {
  name: 'ps',
  summary: 'lists what belljar has in the engine: whose it is, and whether its owner lives',
  help: [
    'Usage: belljar ps [--json]',
    '',
    'Lists the containers, networks and volumes that belljar has in the engine, the oldest first: the run',
    'that made each, its age, and whether the process that the run belongs to is alive, dead or unknown -',
    'on another machine, or in another pid namespace, such as in a container. What BELLJAR_KEEP=failed has',
    'kept, and the networks it is on, is marked as kept.',
    '',
    'Options:',
    '  --json      print [{ "kind", "id", "name", "created", "run", "pid", "owner", "kept" }]',
    '  -h, --help  print this',
    '',
    'Exit code: 0 when the engine could be asked, 1 when not, 2 when misused.',
  ].join('\n'),
  async run(args, output) {
    const { json } = parseFlags(args, ['json']);
    const { docker } = await connectEngine();
    const entries = (await listOwned(docker)).map(entryOf).sort((a, b) => a.created.localeCompare(b.created));
    output.print(json ? printableJson(entries) : formatEntries(entries, new Date()));
    return 0;
  },
};

/** One thing, as `--json` prints it. */
export interface Entry {
  kind: OwnedResource['kind'];
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  run: string;
  /** The number of the process that the run belongs to, where that one runs. */
  pid: number;
  owner: OwnerState;
  /** Whether it is kept for somebody to look at. */
  kept: boolean;
}

/** A thing as both commands print it. */
export function entryOf({ kind, id, name, created, run, retained: kept }: OwnedResource): Entry {
  return {
    kind,
    id,
    name,
    created: created.toISOString(),
    run: run.id,
    pid: run.pid,
    owner: ownerState(run),
    kept,
  };
}

/** The list for people. */
export function formatEntries(entries: readonly Entry[], now: Date): string {
  if (entries.length === 0) return 'belljar has nothing in the engine.';
  const rows = entries.map(({ kind, id, name, run, pid, owner, kept, created }) => [
    kind,
    shortId(id),
    formatAge(now.getTime() - Date.parse(created)),
    run,
    `${kept ? 'kept, ' : ''}${owner} (process ${pid})`,
    name,
  ]);
  return formatTable([['KIND', 'ID', 'AGE', 'RUN', 'OWNER', 'NAME'], ...rows]);
}

const units: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** @param milliseconds an age; a clock that is behind the engine's makes it negative */
export function formatAge(milliseconds: number): string {
  const [unit, size] = units.find(([, each]) => milliseconds >= each) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(milliseconds / size))} ${unit}`;
}
