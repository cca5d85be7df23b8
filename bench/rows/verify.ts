import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Bench } from '../bench';
import { clocked, interleave } from '../measure';
import type { Measurement } from '../row';

/** (j) Every byte of the image against its digests, beside what `docker save | sha256sum` does. */
export async function verify(bench: Bench): Promise<Measurement[]> {
  const { docker, image, signal } = bench;
  const saved = async (): Promise<void> => {
    await pipeline(await docker.getImage(image.id).get(), createHash('sha256'));
  };
  return bench.belljar.withContainer(
    async (box) => {
      const verified = async (): Promise<void> => {
        const { unchanged, differences } = await box.image.verify({ depth: 'content' });
        if (!unchanged) throw new Error(`the image is not verified: ${JSON.stringify(differences)}`);
      };
      const samples = await interleave(
        { belljar: clocked(verified), engine: clocked(saved) },
        { rounds: bench.times(5, 1), signal },
      );
      return [
        {
          name: 'image.verify, depth content',
          unit: 'ms',
          samples,
          comparison: { of: 'belljar/engine', atMost: 1.2 },
          note: 'engine: the saved image streamed through SHA-256.',
        },
      ];
    },
    { image: image.reference },
  );
}
