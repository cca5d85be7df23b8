import type Docker from 'dockerode';
import type { StartedTestContainer } from 'testcontainers';
import type { Box } from '../src/index';
import type { Bench } from './bench';
import { engineRemove, engineStart } from './engine';
import { plainStart } from './plain-testcontainers';

/** One container of each contender's, all of the same image. */
export interface Containers {
  box: Box;
  plain: StartedTestContainer;
  engine: Docker.Container;
}

/** Starts one of each, and removes them after `use`, also after a failure. */
export async function withContainers<Value>(
  { belljar, docker, image, labels }: Bench,
  use: (containers: Containers) => Promise<Value>,
): Promise<Value> {
  return belljar.withContainer(
    async (box) => {
      const plain = await plainStart(image.reference, labels);
      try {
        const engine = await engineStart(docker, image.reference, labels);
        try {
          return await use({ box, plain, engine });
        } finally {
          await engineRemove(engine);
        }
      } finally {
        await plain.stop();
      }
    },
    { image: image.reference },
  );
}
