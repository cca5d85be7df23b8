import { connectEngine } from '../engine/connect/connection';
import { statusOf } from '../support/errors';

/** How belljar created an image: by a set-up that ran in a container, or from a Dockerfile. */
export type OwnImageKind = 'derived' | 'built';

/**
 * The label of each kind of image that belljar creates, and the repository of its names. The next run finds the images
 * by these. The images have no owner's label, because they outlive the run.
 */
export const ownImages: Readonly<Record<OwnImageKind, { label: string; repository: string }>> = {
  derived: { label: 'belljar.derived', repository: 'belljar/derived' },
  built: { label: 'belljar.built', repository: 'belljar/built' },
};

/** An image in the engine that belljar created. */
export interface OwnImage {
  id: string;
  /** The name that belljar gave it: `belljar/derived:…`. */
  name: string;
  created: Date;
  /** In bytes, including the layers that the image shares with its base. */
  size: number;
  /** The source of the image, as the label names it. */
  from: string;
}

/**
 * Returns the images that belljar created in the engine, the newest first. An image of another name is not belljar's,
 * even if it inherits a label from a base image of belljar's.
 *
 * @throws EngineError if there is no engine
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

/** An image that the engine could not remove, and the reason. */
export interface ImageRemovalFailure {
  image: OwnImage;
  error: unknown;
}

/**
 * Removes images one after another, in the given order. Newer images must come first, because an older one may be their
 * base. An image that is gone already is not a failure. An image that a container uses is one.
 *
 * @returns the images that the engine could not remove, and the reasons
 */
export async function removeOwnImages(images: readonly OwnImage[]): Promise<ImageRemovalFailure[]> {
  const { docker } = await connectEngine();
  const failures: ImageRemovalFailure[] = [];
  for (const image of images) {
    try {
      await docker.getImage(image.name).remove();
    } catch (error) {
      if (statusOf(error) !== 404) failures.push({ image, error });
    }
  }
  return failures;
}

/** Returns the names in a repository. For an image without a name, the engine returns null or `<none>:<none>`. */
function namesIn(repository: string, tags: readonly string[] | null | undefined): string[] {
  return (tags ?? []).filter((tag) => tag.startsWith(`${repository}:`));
}
