import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Image, ImageError, startContainer, type Box } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { listOwnImages } from '../../src/image/own-images';
import { removeImage } from '../../tooling/images/make-image';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Derives an image by a set-up of its own, which copies in a path of the host, and counts how often it runs. */
function deriving(hostPath: string): { derive: () => Promise<Image>; runs: () => number } {
  const key = randomUUID();
  let runs = 0;
  const setUp = async (box: Box): Promise<void> => {
    runs += 1;
    await box.files.copyIn(hostPath, '/copied');
  };
  return {
    runs: () => runs,
    derive: async () => {
      const image = await base.derive(setUp, { key });
      made.add(image.reference);
      return image;
    },
  };
}

let base: Image;
const made = new Set<string>();

beforeAll(async () => {
  base = await Image.resolve();
});

afterAll(async () => {
  const { docker } = await connectEngine();
  for (const reference of [...made].reverse()) await removeImage(docker, reference);
});

describe('An image whose set-up copies in a file of the host', () => {
  it('is another one if the file has other content, and the first one again if the content is back', async () => {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, 'install.sh');
    const { derive, runs } = deriving(script);
    await writeFile(script, 'echo one\n');
    const one = await derive();
    expect((await derive()).id).toBe(one.id);

    await writeFile(script, 'echo two\n');
    const two = await derive();
    await writeFile(script, 'echo one\n');
    const back = await derive();

    await using box = await startContainer(two);
    expect(await box.files.read('/copied')).toBe('echo two\n');
    expect(back.id).toBe(one.id);
    expect(runs()).toBe(2);
  });

  it('is another one if the file has another mode', async () => {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, 'install.sh');
    const { derive } = deriving(script);
    await writeFile(script, 'echo one\n', { mode: 0o644 });
    const plain = await derive();

    await chmod(script, 0o755);

    await using box = await startContainer(await derive());
    expect(box.image.id).not.toBe(plain.id);
    await expect(box).toHaveFile('/copied', { mode: 0o755 });
  });

  it('can’t be made if the file is gone: an image with the old file is no answer', async () => {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, 'install.sh');
    const { derive } = deriving(script);
    await writeFile(script, 'echo one\n');
    await derive();

    await rm(script);

    const error = await rejectionOf(derive(), ImageError);
    expect(error.code).toBe('IMAGE_NOT_DERIVED');
    expect(error.message).toContain('install.sh');
  });

  it('has each image among what "belljar clean --images" removes', async () => {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, 'install.sh');
    const { derive } = deriving(script);
    await writeFile(script, 'echo one\n');
    const one = await derive();
    await writeFile(script, 'echo two\n');
    const two = await derive();

    const names = (await listOwnImages()).map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining([one.reference, two.reference]));
  });

  it('is made once by those who want it at the same time, for each content', async () => {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, 'install.sh');
    const { derive, runs } = deriving(script);
    await writeFile(script, 'echo one\n');
    await derive();
    await writeFile(script, 'echo two\n');

    const images = await Promise.all([derive(), derive(), derive()]);

    expect(new Set(images.map(({ id }) => id)).size).toBe(1);
    expect(runs()).toBe(2);
  });
});

describe('An image whose set-up copies in a directory', () => {
  it.each<[string, (directory: string) => Promise<unknown>]>([
    ['a file below it has other content', (path) => writeFile(join(path, 'deep/file'), 'changed')],
    ['a file is added', (path) => writeFile(join(path, 'deep/more'), '')],
    ['an empty directory is added', (path) => mkdir(join(path, 'deep/empty'))],
    ['a file is deleted', (path) => rm(join(path, 'deep/file'))],
    ['a file is renamed', (path) => rename(join(path, 'deep/file'), join(path, 'deep/filf'))],
    ['a directory has another mode', (path) => chmod(join(path, 'deep'), 0o700)],
    [
      'a link points elsewhere',
      async (path) => {
        await rm(join(path, 'link'));
        await symlink('deep', join(path, 'link'));
      },
    ],
  ])('is another one if %s', async (_, change) => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'deep'));
    await writeFile(join(directory.path, 'deep/file'), 'content');
    await symlink('deep/file', join(directory.path, 'link'));
    const { derive, runs } = deriving(directory.path);
    const before = await derive();
    expect((await derive()).id).toBe(before.id);

    await change(directory.path);

    expect((await derive()).id).not.toBe(before.id);
    expect(runs()).toBe(2);
  });
});

describe('The path that a set-up copies from', () => {
  const here = process.cwd();
  afterEach(() => process.chdir(here));

  it('is read in the working directory of the moment, if it is relative', async () => {
    await using one = await temporaryDirectory();
    await using other = await temporaryDirectory();
    for (const { path } of [one, other]) await writeFile(join(path, 'install.sh'), 'echo same\n');
    const { derive, runs } = deriving('install.sh');
    process.chdir(one.path);
    const first = await derive();
    process.chdir(other.path);
    expect((await derive()).id).toBe(first.id);

    await writeFile('install.sh', 'echo other\n');

    expect((await derive()).id).not.toBe(first.id);
    expect(runs()).toBe(2);
  });

  it('tells nothing about another checkout, if it is absolute', async () => {
    await using one = await temporaryDirectory();
    await using other = await temporaryDirectory();
    const script = join(one.path, 'install.sh');
    await writeFile(script, 'echo one\n');
    const { derive, runs } = deriving(script);
    process.chdir(one.path);
    await derive();

    process.chdir(other.path);
    await derive();

    expect(runs()).toBe(2);
  });
});

describe('An image that is derived from an image whose set-up copied a file in', () => {
  it('is found again though its own set-up copies nothing', async () => {
    await using directory = await temporaryDirectory();
    const script = join(directory.path, 'install.sh');
    await writeFile(script, 'echo one\n');
    const parent = await deriving(script).derive();
    const key = randomUUID();
    const touch = (box: Box): Promise<unknown> => box.$`touch /child`;

    const child = await parent.derive(touch, { key });
    made.add(child.reference);
    await writeFile(script, 'echo two\n');

    expect((await parent.derive(touch, { key })).id).toBe(child.id);
    expect(child.config.labels['belljar.derived.sources']).toBe('');
  });
});

describe('What a copy ignores', () => {
  it('does not make another image', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'install.sh'), 'echo one\n');
    const key = randomUUID();
    const source = directory.path;
    const derive = async (): Promise<Image> => {
      const image = await base.derive((box) => box.files.copyIn(source, '/copied', { ignore: '*.log' }), {
        key,
      });
      made.add(image.reference);
      return image;
    };
    const first = await derive();

    await writeFile(join(source, 'run.log'), 'more\n');
    expect((await derive()).id).toBe(first.id);

    await writeFile(join(source, 'install.sh'), 'echo two\n');
    expect((await derive()).id).not.toBe(first.id);
  });
});
