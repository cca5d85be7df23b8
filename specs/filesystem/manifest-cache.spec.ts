import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  fileFor,
  loadManifest,
  storeManifest,
  type Manifest,
} from '../../src/filesystem/changes/manifest-cache';

describe('What is known of an image’s tree', () => {
  const imageId = `sha256:${'0'.repeat(64)}`;
  const manifest: Manifest = {
    tree: new Map([
      ['/', { type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 1 }],
      [
        '/odd \udcff\n',
        { type: 'file', mode: 0o4755, uid: 1, gid: 2, mtime: 3, size: 4, sha256: 'ab', linkedWith: ['/x'] },
      ],
    ]),
    passwd: 'root:x:0:0::/:/bin/sh\n',
    group: 'root:x:0:\n',
  };
  const { XDG_CACHE_HOME: before } = process.env;
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'belljar-cache-'));
    process.env.XDG_CACHE_HOME = cache;
  });

  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    await rm(cache, { recursive: true, force: true });
  });

  it('is kept under the cache directory by image id, and nothing else is left there', async () => {
    await storeManifest(imageId, manifest);

    expect(await loadManifest(imageId)).toEqual(manifest);
    expect(fileFor(imageId).startsWith(join(cache, 'belljar'))).toBe(true);
    expect(await readdir(dirname(fileFor(imageId)))).toHaveLength(1);
  });

  it('is not there for another image', async () => {
    await storeManifest(imageId, manifest);

    expect(await loadManifest(`sha256:${'1'.repeat(64)}`)).toBeUndefined();
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -10)],
    ['changed', (text: string) => text.replace('"mode":493', '"mode":511')],
    ['empty', () => ''],
    ['something else', () => '{}\n'],
  ])('is not believed if its file was %s', async (_, spoil) => {
    await storeManifest(imageId, manifest);
    await writeFile(fileFor(imageId), spoil(await readFile(fileFor(imageId), 'utf8')));

    expect(await loadManifest(imageId)).toBeUndefined();
  });

  it('is not believed if its file was moved to another image’s name', async () => {
    const other = `sha256:${'2'.repeat(64)}`;
    await storeManifest(imageId, manifest);
    await writeFile(fileFor(other), await readFile(fileFor(imageId)));

    expect(await loadManifest(other)).toBeUndefined();
  });

  it('is done without if the cache can’t be written', async () => {
    process.env.XDG_CACHE_HOME = join(cache, 'file');
    await writeFile(join(cache, 'file'), 'not a directory');

    await storeManifest(imageId, manifest);

    expect(await loadManifest(imageId)).toBeUndefined();
  });
});
