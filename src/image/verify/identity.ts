import type Docker from 'dockerode';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, statusOf } from '../../support/errors';
import { readFacts, type ImageFacts, type KnownImage } from '../facts';
import type { Findings, ImageDifference } from './report';

/** Checks that the image exists, that its reference names it, and that the engine's facts about it are unchanged. */
export async function verifyIdentity(docker: Docker, image: KnownImage): Promise<Findings> {
  let byId: ImageFacts | undefined;
  let byName: ImageFacts | undefined;
  try {
    [byId, byName] = await Promise.all([readFacts(docker, image.id), readFacts(docker, image.reference)]);
  } catch (error) {
    // Docker checks a config against its digest as it reads the config, and refuses if the config is damaged.
    if (statusOf(error) === undefined) throw error;
    const message = `The engine can't read the image: ${messageOf(error)}`;
    return { differences: [{ kind: 'unreadable', message }], evidence: [] };
  }
  const differences = [...nameDifferences(image, byName), ...factDifferences(image, byId)];
  if (differences.length > 0) return { differences, evidence: [] };
  return {
    differences,
    evidence: [
      `${image.reference} names ${image.id}, with the same tags, config and ${image.layers.length} layers.`,
    ],
  };
}

function nameDifferences({ reference, id }: KnownImage, now: ImageFacts | undefined): ImageDifference[] {
  if (now?.id === id) return [];
  const found = now?.id ?? 'nothing';
  const message =
    now === undefined ? `${reference} names no image any more` : `${reference} names another image now`;
  return [
    {
      kind: now ? 'tag-moved' : 'tag-removed',
      message: `${message}: ${found}, not ${id}.`,
      expected: id,
      found,
    },
  ];
}

function factDifferences(image: KnownImage, now: ImageFacts | undefined): ImageDifference[] {
  if (now === undefined) {
    return [
      {
        kind: 'removed',
        message: `The engine has no image ${image.id} any more.`,
        expected: image.id,
        found: 'nothing',
      },
    ];
  }
  return [...tagDifferences(image, now), ...changedFacts(image, now)];
}

function tagDifferences(image: KnownImage, now: ImageFacts): ImageDifference[] {
  const added = now.tags.filter((tag) => !image.tags.includes(tag));
  // nameDifferences reports a removed reference.
  const removed = image.tags.filter((tag) => !now.tags.includes(tag) && tag !== image.reference);
  return [
    ...added.map((tag) => ({
      kind: 'tag-added' as const,
      message: `The image has a new tag: ${tag}.`,
      found: tag,
    })),
    ...removed.map((tag) => ({
      kind: 'tag-removed' as const,
      message: `The image lost its tag ${tag}.`,
      expected: tag,
    })),
  ];
}

function changedFacts(image: KnownImage, now: ImageFacts): ImageDifference[] {
  const facts = [
    ['layers', 'The engine lists other layers than before', image.layers, now.layers],
    ['config', 'The engine has another config than before', image.config, now.config],
  ] as const;
  return facts
    .filter(([, , before, after]) => !isDeepStrictEqual(before, after))
    .map(([kind, message, before, after]) => {
      const [expected, found] = [JSON.stringify(before), JSON.stringify(after)];
      return { kind, message: `${message}: ${found}, not ${expected}.`, expected, found };
    });
}
