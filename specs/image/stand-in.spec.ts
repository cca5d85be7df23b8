import { appendFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildStandIn, sha256Of } from '../../tooling/base-image/build';
import { readSources, standInRecipe } from '../../tooling/base-image/recipe';
import { ensureArchive, ensureStandIn } from '../../tooling/base-image/stand-in';
import { connectEngine } from '../../src/engine/connect/connection';
import { listArchive } from '../../src/image/sources/archive';
import { inspectImage, type Image } from '../../src/image/image';

/** A build takes about twenty seconds on a machine that does nothing else. */
const buildTimeout = 600_000;

describe('the stand-in base image', () => {
  const recipe = standInRecipe();
  let image: Image;

  beforeAll(async () => {
    image = await inspectImage(await ensureStandIn());
  }, buildTimeout);

  it('has a name of its own, and says in its labels what it is', () => {
    expect(image.reference).toMatch(/^belljar\/stand-in:debian-\d+$/);
    expect(image.config.labels).toMatchObject({
      'org.opencontainers.image.title': expect.stringMatching(/^Debian \d+ \(\w+\), minimal$/) as string,
      'belljar.stand-in': image.reference.replace('belljar/stand-in:', ''),
      'belljar.stand-in.recipe': recipe.hash,
    });
    expect(image.config).toMatchObject({ cmd: ['bash'], workdir: '/', user: '' });
    expect(image.config.env.PATH).toContain('/usr/bin');
  });

  it('never claims to be Ubuntu', async () => {
    expect(image.tags.filter((tag) => /ubuntu/i.test(tag))).toEqual([]);

    const release = await run(image, 'cat /etc/os-release');

    expect(release).toMatch(/^ID=debian$/m);
    expect(release).not.toMatch(/ubuntu/i);
  });

  it('holds nothing of the machine that built it, and can install more from its archive', async () => {
    const traces =
      'cat /etc/machine-id /etc/hostname; ls -A /var/lib/apt/lists /var/log/apt /var/cache/apt/archives; cat /etc/apt/sources.list.d/*';

    const text = await run(image, traces);

    expect(text).not.toMatch(/^[0-9a-f]{32}$/m);
    expect(text).not.toMatch(/\.deb$|_Packages/m);
    expect(text).toContain(`Suites: ${recipe.suite}`);
  });

  it('is there at once when the engine has it', async () => {
    const printed: string[] = [];

    const reference = await ensureStandIn({ cache: '/nonexistent', print: (line) => printed.push(line) });

    expect(reference).toBe(image.reference);
    expect(printed).toEqual([]);
  });

  it(
    'is the same, byte for byte, when it is built twice',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'belljar-specs-'));
      try {
        const again = join(directory, 'again.tar');
        const cached = await ensureArchive(recipe);
        await buildStandIn(recipe, again);

        // Debian may have released a fix since the cached one was built: then a third says whether two are alike.
        const fresh = join(directory, 'third.tar');
        const isCachedOld = (await packagesOf(cached)) !== (await packagesOf(again));
        if (isCachedOld) await buildStandIn(recipe, fresh);

        expect(await sha256Of(again)).toBe(await sha256Of(isCachedOld ? fresh : cached));
        expect(await listArchive(again)).toEqual([image.reference]);
      } finally {
        await rm(directory, { recursive: true });
      }
    },
    buildTimeout,
  );
});

describe("the stand-in's archive in the cache", () => {
  it('is built again if it is damaged, and never left half written', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'belljar-specs-'));
    try {
      // A recipe that fails at once, so that only the cache is tried.
      const recipe = { ...standInRecipe(), hash: 'f'.repeat(64), options: ['--variant=no-such-variant'] };
      const archive = join(cache, `stand-in-${'f'.repeat(16)}.tar`);
      await writeFile(archive, 'whole');
      await writeFile(`${archive}.sha256`, `${await sha256Of(archive)}\n`);
      expect(await ensureArchive(recipe, { cache })).toBe(archive);
      await appendFile(archive, 'damage');
      const printed: string[] = [];

      const building = ensureArchive(recipe, { cache, print: (line) => printed.push(line) });

      await expect(building).rejects.toThrow(/mmdebstrap could not build the stand-in base image/);
      expect(printed[0]).toBe(`belljar: ${archive} is damaged and is built again`);
      expect((await stat(archive)).size).toBe('wholedamage'.length);
    } finally {
      await rm(cache, { recursive: true });
    }
  });
});

describe("apt's sources for the stand-in", () => {
  it("are this machine's own for its release, in whichever form they are written", async () => {
    const directory = await mkdtemp(join(tmpdir(), 'belljar-specs-'));
    try {
      await mkdir(join(directory, 'sources.list.d'));
      await writeFile(
        join(directory, 'sources.list'),
        [
          '# deb http://archive.invalid/old bookworm main',
          'deb [signed-by=/key.gpg] http://archive.invalid/debian bookworm main contrib # own',
          'deb-src http://archive.invalid/debian bookworm main',
          'deb http://other.invalid/ tool-bookworm main',
        ].join('\n'),
      );
      await writeFile(
        join(directory, 'sources.list.d', 'debian.sources'),
        'Types: deb\nURIs: http://archive.invalid/security\nSuites: bookworm-security\nComponents: main\n\nTypes: deb\nURIs: http://other.invalid\nSuites: nodistro\nComponents: main\n',
      );

      expect(readSources(directory, 'bookworm').split('\n\n')).toEqual([
        'Types: deb\nURIs: http://archive.invalid/debian\nSuites: bookworm\nComponents: main contrib\nSigned-By: /key.gpg',
        'Types: deb\nURIs: http://archive.invalid/security\nSuites: bookworm-security\nComponents: main\n',
      ]);
      expect(() => readSources(directory, 'trixie')).toThrow('have nothing for trixie');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

/** What a shell prints in a container of an image; there is no belljar container in this room yet. */
async function run(image: Image, script: string): Promise<string> {
  const { docker } = await connectEngine();
  const container = await docker.createContainer({
    Image: image.id,
    Cmd: ['sh', '-c', script],
    Tty: true,
    NetworkDisabled: true,
  });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true, stderr: true })).toString().replaceAll('\r\n', '\n');
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** The versions of all packages in an archive, as dpkg has them. */
async function packagesOf(archive: string): Promise<string> {
  const { stdout } = await execa('sh', [
    '-c',
    'tar xOf "$0" --wildcards "*/layer.tar" | tar xO ./var/lib/dpkg/status',
    archive,
  ]);
  return stdout;
}
