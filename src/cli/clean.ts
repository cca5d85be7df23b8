import { findOrphans, removeOrphans } from '../ownership/orphans';
import type { RemovalFailure } from '../ownership/remove-resources';
import { listOwnImages, removeOwnImages } from '../image/own-images';
import { messageOf } from '../support/errors';
import { printable, printableJson } from '../support/printable';
import type { Command } from './command';
import { parseFlags } from './flags';
import { formatImages, imageEntryOf, type ImageEntry } from './image-entry';
import { entryOf, formatEntries, type Entry } from './ps';

export const cleanCommand: Command = {
  name: 'clean',
  summary: 'removes what belljar has in the engine whose owner is dead',
  help: [
    'Usage: belljar clean [--images] [--dry-run] [--json]',
    '',
    'Removes the containers, networks and volumes of belljar that belong to no living process, as after the',
    'machine lost its power, and with them those that BELLJAR_KEEP=failed has kept. What others made, what a',
    'living run owns, and what belongs to a process that can not be seen from here ("unknown" in belljar ps)',
    'stays.',
    '',
    'Options:',
    '  --images    remove as well the images that belljar has derived and built; they are kept for later runs,',
    '              which would make them again. One that a container uses stays, and is a failure',
    '  --dry-run   remove nothing, list what would be removed',
    '  --json      print { "dryRun", "removed": [...], "failed": [{ ..., "problem" }] }, as belljar ps does; an',
    '              image is { "kind": "image", "id", "name", "created", "size" in bytes, "from" }',
    '  -h, --help  print this',
    '',
    'Exit code: 0 when nothing of dead owners is left, and after a dry run; 1 when something could not be',
    'removed or the engine could not be asked; 2 when misused.',
  ].join('\n'),
  async run(args, output) {
    const flags = parseFlags(args, ['json', 'dry-run', 'images']);
    const dryRun = flags['dry-run'];
    const resources = await cleanResources(dryRun);
    const images = flags.images ? await cleanImages(dryRun) : noImages;
    const removed = [...resources.removed, ...images.removed];
    const failed = [...resources.failed, ...images.failed];
    if (flags.json) output.print(printableJson({ dryRun, removed, failed }));
    else {
      output.print(describe(dryRun, resources.removed, images.removed));
      for (const { kind, name, problem } of failed) output.printError(describeFailure(kind, name, problem));
    }
    return failed.length === 0 ? 0 : 1;
  },
};

/** What was removed, or would be, and what was not, and why. */
interface Outcome<Each> {
  removed: Each[];
  failed: (Each & { problem: string })[];
}

const noImages: Outcome<ImageEntry> = { removed: [], failed: [] };

async function cleanResources(dryRun: boolean): Promise<Outcome<Entry>> {
  const leftovers = await findOrphans();
  const unremoved = dryRun ? [] : await removeOrphans(leftovers);
  const stuck = unremoved.map(({ resource: resource }) => resource);
  const removed = leftovers.filter((leftover) => !stuck.includes(leftover)).map(entryOf);
  return { removed, failed: unremoved.map(failureOf) };
}

function failureOf({ resource: resource, error }: RemovalFailure): Entry & { problem: string } {
  return { ...entryOf(resource), problem: messageOf(error) };
}

async function cleanImages(dryRun: boolean): Promise<Outcome<ImageEntry>> {
  const images = await listOwnImages();
  const unremoved = dryRun ? [] : await removeOwnImages(images);
  const stuck = unremoved.map(({ image }) => image);
  const removed = images.filter((image) => !stuck.includes(image)).map(imageEntryOf);
  const failed = unremoved.map(({ image, error }) => ({
    ...imageEntryOf(image),
    problem: messageOf(error),
  }));
  return { removed, failed };
}

function describe(dryRun: boolean, resources: readonly Entry[], images: readonly ImageEntry[]): string {
  if (resources.length + images.length === 0)
    return `${dryRun ? 'There is nothing to remove' : 'Nothing was removed'}.`;
  const now = new Date();
  return [
    `${dryRun ? 'Would remove' : 'Removed'}:`,
    ...(resources.length > 0 ? [formatEntries(resources, now)] : []),
    ...(images.length > 0 ? [formatImages(images, now)] : []),
  ].join('\n');
}

function describeFailure(kind: string, name: string, problem: string): string {
  return printable(`belljar clean: the engine did not remove ${kind} ${name}: ${problem}`);
}
