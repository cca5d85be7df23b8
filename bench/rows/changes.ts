import type Docker from 'dockerode';
import type { Bench } from '../bench';
import { engineRun } from '../engine';
import { clocked, interleave } from '../measure';
import type { Measurement } from '../row';

/** About 2,000 files, most of them vim-runtime's. */
const packageName = 'vim';

/** (h) All changes after an installation, beside the engine's list of them and reading those files once. */
export function changes(bench: Bench): Promise<Measurement[]> {
  const { belljar, docker, image, signal } = bench;
  return belljar.withContainer(
    async (box) => {
      const install = `apt-get update -qq && apt-get install -qq -y --no-install-recommends ${packageName}`;
      await box.run('sh', ['-c', install], { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 });
      let count = 0;
      const listed = async (): Promise<void> => {
        count = (await box.changes()).length;
        if (count < 1000) throw new Error(`only ${count} changes were found after installing ${packageName}`);
      };
      const samples = await interleave(
        { belljar: clocked(listed), engine: clocked(() => diffAndRead(docker, box.docker)) },
        { rounds: bench.times(5, 1), signal },
      );
      return [
        {
          name: `changes after apt-get install ${packageName}`,
          unit: 'ms',
          samples,
          comparison: { of: 'belljar/engine', atMost: 1.5 },
          note: `${count} changes. Engine: its list of changes, and one tar of those paths read inside and hashed.`,
        },
      ];
    },
    { image: image.reference },
  );
}

/** The engine's kind of change for a path that is gone. */
const deleted = 2;

async function diffAndRead(docker: Docker, container: Docker.Container): Promise<void> {
  const list = (await container.changes()) as { Path: string; Kind: number }[];
  const present = list.filter(({ Kind }) => Kind !== deleted).map(({ Path }) => Path);
  const script = 'tar --no-recursion --null --verbatim-files-from -T - -P -cf - | sha256sum';
  const hash = await engineRun(docker, container, ['sh', '-c', script], Buffer.from(present.join('\0')));
  if (!/^[0-9a-f]{64} /.test(hash.toString())) throw new Error('the files that changed could not be read');
}
