import { Image } from '../../src';

/**
 * The default image with packages of its distribution: installed for the first that asks, and there from then on.
 *
 * @returns for `useContainer({ image: imageWith('redis-server') })`
 */
export function imageWith(...packages: readonly string[]): () => Promise<Image> {
  return async () => {
    const base = await Image.resolve();
    return base.derive(
      async (box) => {
        const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
        // These files need not survive a power cut, so dpkg need not wait until each is on the disk.
        const options = ['-q', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-unsafe-io'];
        await box.$(quiet)`apt-get update -q`;
        await box.$(quiet)`apt-get install ${options} ${packages}`;
        await box.sh`apt-get clean && rm -rf /var/lib/apt/lists/*`;
      },
      { key: packages },
    );
  };
}
