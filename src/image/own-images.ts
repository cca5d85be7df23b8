import { connectEngine } from '../engine/connect/connection';
import { statusOf } from '../support/errors';

/** How belljar came to an image: by a set-up that ran in a container, or by a Dockerfile. */
export type OwnImageKind = 'derived' | 'built';

/**
 * Where belljar keeps the images that it makes, so that the next run finds them: the label that each kind has, and the
 * repository of its names. No label says who owns one, because no run's end is theirs.
 */
export const ownImages: Readonly<Record<OwnImageKind, { label: string; repository: string }>> = {
  derived: { label: 'belljar.derived', repository: 'belljar/derived' },
  built: { label: 'belljar.built', repository: 'belljar/built' },
};

/** An image in the engine that belljar made. */
export interface OwnImage {
  id: string;
  /** The name that belljar gave it: `belljar/derived:…`. */
  name: string;
  created: Date;
  /** In bytes, with what it shares with its base. */
  size: number;
  /** What it was made from, as the label has it. */
  from: string;
}

/**
 * The images that belljar made in the engine, the newest first. An image of another name that only inherits a label,
 * because somebody built on one of belljar's, is somebody else's.
 *
 * @throws EngineError where there is no engine
 */
export async function listOwnImages(): Promise<OwnImage[]> {
  const { docker } = await connectEngine();
  const found = await Promise.all(
    Object.values(ownImages).map(async ({ label, repository }) => {
      const images = await docker.listImages({ filters: { label: [label], reference: [repository] } });
      return images.flatMap(({ Id, RepoTags, Created, Size, Labels }) =>
        namesIn(repository, RepoTags).map((name) => ({
          id: Id,
          name,
          created: new Date(Created * 1000),
          size: Size,
          from: Labels[label] ?? '',
        })),
      );
    }),
  );
  return found
    .flat()
    .sort((a, b) => b.created.getTime() - a.created.getTime() || a.name.localeCompare(b.name));
}

/** An image that the engine did not remove, and why. */
export interface UnremovedImage {
  image: OwnImage;
  error: unknown;
}

/**
 * Removes images of belljar's, one after another: the newest first, because an older one may be its base. One that is
 * gone already is fine; one that a container uses stays.
 *
 * @returns those that the engine did not remove, and why
 */
export async function removeOwnImages(images: readonly OwnImage[]): Promise<UnremovedImage[]> {
  const { docker } = await connectEngine();
  const unremoved: UnremovedImage[] = [];
  for (const image of images) {
    try {
      await docker.getImage(image.name).remove();
    } catch (error) {
      if (statusOf(error) !== 404) unremoved.push({ image, error });
    }
  }
  return unremoved;
}

/** The engine's answer has null, or `<none>:<none>`, for an image without a name. */
function namesIn(repository: string, tags: readonly string[] | null | undefined): string[] {
  return (tags ?? []).filter((tag) => tag.startsWith(`${repository}:`));
}
