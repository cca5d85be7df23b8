import { findOrphans, removeOrphans } from '../ownership/orphans';
import type { RemovalFailure } from '../ownership/remove-resources';
import { listOwnImages, removeOwnImages } from '../image/own-images';
import { messageOf } from '../support/errors';
import { printable, printableJson } from '../support/printable';
import type { Command } from './command';
import { parseFlags } from './flags';
import { formatImages, imageEntryOf, type ImageEntry } from './image-entry';
import { entryOf, formatEntries, type Entry } from './ps';
import { timeOfDay } from '../support/time';

export const cleanCommand: Command = {
  name: 'clean',
  summary: 'removes what belljar has in the engine if its owner is dead',
  help: [
    'Usage: belljar clean [--images] [--dry-run] [--json]',
    '',
    "Removes belljar's containers, networks and volumes if their owner is dead. The owner is the process that",
    'the run belongs to. Such orphans remain if the machine has lost its power. Also removes the containers',
    'that BELLJAR_KEEP=failed has kept, and their networks. It leaves alone what belljar did not make, and what',
    'has an owner that is alive or unknown. belljar ps shows the owners.',
    '',
    'Options:',
    '  --images    also remove the images that belljar has derived and built; later runs make them again. The',
    '              engine does not remove an image that a container uses: that is a failure',
    '  --dry-run   only list what would be removed',
    '  --json      print { "dryRun", "removed": [...], "failed": [{ ..., "problem" }] }, as belljar ps does; an',
    '              image is { "kind": "image", "id", "name", "created", "size" in bytes, "from" }',
    '  -h, --help  print this',
    '',
    'Exit code: 0 if everything was removed, and after a dry run; 1 if the engine did not answer, or did not',
    'remove something; 2 for a wrong option.',
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
      output.print(formatOutcome(dryRun, resources.removed, images.removed));
      for (const { kind, name, problem } of failed) output.printError(formatFailure(kind, name, problem));
    }
    return failed.length === 0 ? 0 : 1;
  },
};

/** What was removed, or would be in a dry run, and what could not be removed. */
interface Outcome<Each> {
  removed: Each[];
  failed: (Each & { problem: string })[];
}

const noImages: Outcome<ImageEntry> = { removed: [], failed: [] };

async function cleanResources(dryRun: boolean): Promise<Outcome<Entry>> {
  const orphans = await findOrphans();
  const failures = dryRun ? [] : await removeOrphans(orphans);
  const notRemoved = failures.map(({ resource }) => resource);
  const removed = orphans.filter((orphan) => !notRemoved.includes(orphan)).map(entryOf);
  return { removed, failed: failures.map(failureOf) };
}

function failureOf({ resource, error }: RemovalFailure): Entry & { problem: string } {
  return { ...entryOf(resource), problem: messageOf(error) };
}

async function cleanImages(dryRun: boolean): Promise<Outcome<ImageEntry>> {
  const images = await listOwnImages();
  const failures = dryRun ? [] : await removeOwnImages(images);
  const notRemoved = failures.map(({ image }) => image);
  const removed = images.filter((image) => !notRemoved.includes(image)).map(imageEntryOf);
  const failed = failures.map(({ image, error }) => ({
    ...imageEntryOf(image),
    problem: messageOf(error),
  }));
  return { removed, failed };
}

function formatOutcome(dryRun: boolean, resources: readonly Entry[], images: readonly ImageEntry[]): string {
  if (resources.length + images.length === 0)
    return `${dryRun ? 'There is nothing to remove' : 'Nothing was removed'}.`;
  const now = new Date(timeOfDay());
  return [
    `${dryRun ? 'Would remove' : 'Removed'}:`,
    ...(resources.length > 0 ? [formatEntries(resources, now)] : []),
    ...(images.length > 0 ? [formatImages(images, now)] : []),
  ].join('\n');
}

function formatFailure(kind: string, name: string, problem: string): string {
  return printable(`belljar clean: the engine did not remove ${kind} ${name}: ${problem}`);
}
