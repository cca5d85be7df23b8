import type { Bench } from '../bench';
import { withContainers } from '../containers';
import { engineRun } from '../engine';
import { clocked, interleave } from '../measure';
import type { Measurement } from '../row';

/** (i) A fingerprint of all files of the base image, as an image's and as a container's, beside `tar | sha256sum`. */
export function fingerprint(bench: Bench): Promise<Measurement[]> {
  return withContainers(bench, async ({ box, engine }) => {
    const script = 'tar --one-file-system -C / -cf - . | sha256sum';
    const {
      image,
      files,
      engine: floor,
    } = await interleave(
      {
        image: clocked(() => box.image.fingerprint()),
        files: clocked(() => box.files.fingerprint('/')),
        engine: clocked(() => engineRun(bench.docker, engine, ['sh', '-c', script])),
      },
      { rounds: bench.times(5, 1), signal: bench.signal },
    );
    const rest = {
      unit: 'ms',
      comparison: { of: 'belljar/engine', atMost: 1 },
      note: 'engine: `tar | sha256sum` of the whole root inside a container.',
    } as const;
    return [
      { name: 'image.fingerprint', samples: { belljar: image, engine: floor }, ...rest },
      { name: 'files.fingerprint of /', samples: { belljar: files, engine: floor }, ...rest },
    ];
  });
}
