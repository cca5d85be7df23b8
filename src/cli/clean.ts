import { findLeftovers, removeLeftovers } from '../container/leftovers';
import type { Unremoved } from '../engine/removals';
import { messageOf } from '../support/errors';
import { printable, printableJson } from '../support/printable';
import type { Command } from './command';
import { parseFlags } from './flags';
import { entryOf, formatEntries, type Entry } from './ps';

export const cleanCommand: Command = {
  name: 'clean',
  summary: 'removes what belljar has in the engine whose owner is dead',
  help: [
    'Usage: belljar clean [--dry-run] [--json]',
    '',
    'Removes the containers, networks and volumes of belljar that belong to no living process, as after the',
    'machine lost its power, and with them those that BELLJAR_KEEP=failed has kept. What others made, what a',
    'living run owns, and what belongs to a process that can not be seen from here ("unknown" in belljar ps)',
    'stays.',
    '',
    'Options:',
    '  --dry-run   remove nothing, list what would be removed',
    '  --json      print { "dryRun", "removed": [...], "failed": [{ ..., "problem" }] }, as belljar ps does',
    '  -h, --help  print this',
    '',
    'Exit code: 0 when nothing of dead owners is left, and after a dry run; 1 when something could not be',
    'removed or the engine could not be asked; 2 when misused.',
  ].join('\n'),
  async run(args, output) {
    const { json, 'dry-run': dryRun } = parseFlags(args, ['json', 'dry-run']);
    const leftovers = await findLeftovers();
    const unremoved = dryRun ? [] : await removeLeftovers(leftovers);
    const stuck = unremoved.map(({ thing }) => thing);
    const removed = leftovers.filter((leftover) => !stuck.includes(leftover)).map(entryOf);
    const failed = unremoved.map(failureOf);
    output.print(json ? printableJson({ dryRun, removed, failed }) : describe(dryRun, removed));
    if (!json)
      for (const { kind, name, problem } of failed) output.printError(describeFailure(kind, name, problem));
    return failed.length === 0 ? 0 : 1;
  },
};

function failureOf({ thing, error }: Unremoved): Entry & { problem: string } {
  return { ...entryOf(thing), problem: messageOf(error) };
}

function describe(dryRun: boolean, removed: readonly Entry[]): string {
  if (removed.length === 0) return `${dryRun ? 'There is nothing to remove' : 'Nothing was removed'}.`;
  return `${dryRun ? 'Would remove' : 'Removed'}:\n${formatEntries(removed, new Date())}`;
}

function describeFailure(kind: string, name: string, problem: string): string {
  return printable(`belljar clean: the engine did not remove ${kind} ${name}: ${problem}`);
}
