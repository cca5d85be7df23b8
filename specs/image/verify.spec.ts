import { randomBytes } from 'node:crypto';
import { appendFile, chmod, chown, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { connectEngine } from '../../src/engine/connect/connection';
import type { EngineConnection } from '../../src/engine/connect/probe';
import { startPrivateEngine, type PrivateEngine } from '../../src/engine/private/private-engine';
import { inspectImage, type Image } from '../../src/image/image';
import { InvalidOptionError } from '../../src/support/errors';
import { makeImage, removeImage, splitTag } from '../../tooling/images/make-image';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

/** An engine of our own, whose data root we may damage. */
let engine: PrivateEngine;
let docker: EngineConnection['docker'];

describeAsRoot('an image', () => {
  beforeAll(async () => {
    engine = await startPrivateEngine({ name: `verify-${randomBytes(4).toString('hex')}`, keepData: false });
    ({ docker } = await connectEngine());
  });

  afterAll(() => engine.stop());

  const files = { 'etc/motd': 'welcome\n', 'bin/tool': '#!/bin/sh\necho tool\n' };

  async function freshImage(): Promise<Image> {
    const reference = `belljar-specs/verify-${randomBytes(4).toString('hex')}:1`;
    await makeImage(docker, reference, files);
    return inspectImage(reference);
  }

  /** Where the engine keeps the files of an image's one layer. */
  async function layerDirectory(image: Image): Promise<string> {
    const { GraphDriver } = await docker.getImage(image.id).inspect();
    const directory = (GraphDriver.Data as { UpperDir?: string } | null)?.UpperDir ?? '';
    if (!directory.startsWith(engine.dataRoot)) throw new Error(`No layer of ours to damage: "${directory}"`);
    return directory;
  }

  describe('an image that nothing has touched', () => {
    it.each(['identity', 'content', 'behavior'] as const)('is unchanged at the depth "%s"', async (depth) => {
      const image = await freshImage();
      await image.fingerprint();

      const report = await image.verify({ depth });

      expect(report).toMatchObject({
        unchanged: true,
        depth,
        differences: [],
        id: image.id,
        reference: image.reference,
      });
      expect(report.evidence).toHaveLength({ identity: 1, content: 2, behavior: 3 }[depth]);
    });

    it('is checked for its identity only, by default', async () => {
      const image = await freshImage();

      expect(await image.verify()).toMatchObject({ depth: 'identity', unchanged: true });
      await expect(image.verify({ depth: 'deep' as 'content' })).rejects.toThrow(InvalidOptionError);
    });

    it('has a fingerprint that is the same each time, and that another image has not', async () => {
      const [one, other] = [await freshImage(), await freshImage()];

      const first = await one.fingerprint();

      expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await one.fingerprint()).toBe(first);
      expect(await other.fingerprint()).not.toBe(first);
    });

    it('leaves no container when it is checked', async () => {
      const image = await freshImage();
      await image.fingerprint();
      await image.verify({ depth: 'behavior' });

      expect(await docker.listContainers({ all: true, filters: { ancestor: [image.id] } })).toEqual([]);
    });
  });

  describe('the name of an image', () => {
    it('that names another image now is found', async () => {
      const [image, other] = [await freshImage(), await freshImage()];
      const [repo, tag] = splitTag(image.reference);
      await docker.getImage(other.id).tag({ repo, tag });

      const report = await image.verify();

      expect(report.unchanged).toBe(false);
      expect(report.differences[0]).toEqual({
        kind: 'tag-moved',
        message: `${image.reference} names another image now: ${other.id}, not ${image.id}.`,
        expected: image.id,
        found: other.id,
      });
    });

    it('that is gone is found, while the image is there under another', async () => {
      const reference = (await freshImage()).reference;
      await docker.getImage(reference).tag({ repo: 'belljar-specs/verify-kept', tag: '1' });
      const image = await inspectImage(reference);
      await removeImage(docker, reference);

      const report = await image.verify();

      expect(report.differences).toMatchObject([
        { kind: 'tag-removed', message: `${reference} names no image any more: nothing, not ${image.id}.` },
      ]);
      await removeImage(docker, 'belljar-specs/verify-kept:1');
    });

    it('that was added is found', async () => {
      const image = await freshImage();
      await docker.getImage(image.id).tag({ repo: 'belljar-specs/verify-added', tag: '1' });

      const report = await image.verify();

      expect(report.differences).toMatchObject([
        { kind: 'tag-added', found: 'belljar-specs/verify-added:1' },
      ]);
      await removeImage(docker, 'belljar-specs/verify-added:1');
    });

    it('that was taken away is found, if it is not the one it was asked for by', async () => {
      const { reference } = await freshImage();
      await docker.getImage(reference).tag({ repo: 'belljar-specs/verify-second', tag: '1' });
      const image = await inspectImage(reference);
      await removeImage(docker, 'belljar-specs/verify-second:1');

      const report = await image.verify();

      expect(report.differences).toMatchObject([
        { kind: 'tag-removed', expected: 'belljar-specs/verify-second:1' },
      ]);
    });
  });

  describe('an image that was removed', () => {
    it.each(['identity', 'content', 'behavior'] as const)('is found at the depth "%s"', async (depth) => {
      const image = await freshImage();
      await removeImage(docker, image.reference);

      const report = await image.verify({ depth });

      expect(report.unchanged).toBe(false);
      expect(report.differences.map(({ kind }) => kind)).toEqual(['tag-removed', 'removed']);
      expect(report.evidence).toEqual([]);
    });
  });

  describe("a layer that was tampered with in the engine's data root", () => {
    it.each([
      ['other bytes of the same number', (path: string) => writeFile(path, 'WELCOME\n')],
      ['more bytes', (path: string) => appendFile(path, 'and more\n')],
      ['no bytes at all', (path: string) => rm(path)],
    ])('is found by its content: %s', async (_, tamper) => {
      const image = await freshImage();
      await tamper(join(await layerDirectory(image), 'etc/motd'));

      const report = await image.verify({ depth: 'content' });

      expect(report.unchanged).toBe(false);
      expect(report.differences).toMatchObject([
        { kind: 'unreadable', message: expect.stringContaining('etc/motd') as string },
      ]);
    });

    it('is found by its content: another header in what the engine puts the layer together from', async () => {
      const image = await freshImage();
      const chain = (image.layers[0] ?? '').replace(':', '/');
      const split = join(engine.dataRoot, 'image/overlay2/layerdb', chain, 'tar-split.json.gz');
      const lines = gunzipSync(await readFile(split))
        .toString()
        .split('\n');
      // The headers of the layer's archive are kept here, in base64; another byte in one of them, and it is another
      // layer.
      const changed = lines.map((line, index) => (index === 0 ? changePayload(line) : line)).join('\n');
      await writeFile(split, gzipSync(changed));

      const report = await image.verify({ depth: 'content' });

      expect(report.unchanged).toBe(false);
      expect(report.differences).toMatchObject([
        { kind: 'unreadable', message: expect.stringContaining('could not verify layer data') as string },
      ]);
    });

    it.each([
      [
        'a changed file',
        (path: string) => writeFile(join(path, 'etc/motd'), 'WELCOME\n'),
        '/etc/motd',
        /^file 0644 0:0 8 bytes/,
      ],
      [
        'a new file',
        (path: string) => writeFile(join(path, 'etc/new'), 'new\n', { mode: 0o600 }),
        '/etc/new',
        /^file 0600 0:0 4 bytes/,
      ],
      ['a removed file', (path: string) => rm(join(path, 'etc/motd')), '/etc/motd', /^nothing$/],
      [
        'another mode',
        (path: string) => chmod(join(path, 'bin/tool'), 0o4755),
        '/bin/tool',
        /^file 4755 0:0/,
      ],
      [
        'another owner',
        (path: string) => chown(join(path, 'bin/tool'), 1000, 1000),
        '/bin/tool',
        /^file 0644 1000:1000/,
      ],
      [
        'a link',
        (path: string) => symlink('/etc/motd', join(path, 'link')),
        '/link',
        /^symlink 0777 0:0 -> \/etc\/motd$/,
      ],
    ])('is found by its behavior: %s', async (_, tamper, path, found) => {
      const image = await freshImage();
      await image.fingerprint();
      await tamper(await layerDirectory(image));

      const report = await image.verify({ depth: 'behavior' });

      const differences = report.differences.filter(({ kind }) => kind === 'path');
      expect(report.unchanged).toBe(false);
      expect(differences).toHaveLength(1);
      expect(differences[0]?.message).toMatch(new RegExp(`^${path} is `));
      expect(differences[0]?.found).toMatch(found);
    });

    it('is not found by its content if the engine does not give it away: behavior is what finds that', async () => {
      const image = await freshImage();
      await image.fingerprint();
      await writeFile(join(await layerDirectory(image), 'slipped-in'), '');

      expect(await image.verify({ depth: 'content' })).toMatchObject({ unchanged: true });
      expect(await image.verify({ depth: 'behavior' })).toMatchObject({ unchanged: false });
    });
  });

  describe("an image's config that was tampered with", () => {
    it('is found', async () => {
      const image = await freshImage();
      const file = join(engine.dataRoot, 'image/overlay2/imagedb/content', image.id.replace(':', '/'));
      await writeFile(file, (await readFile(file, 'utf8')).replace('/none', '/evil'));

      const report = await image.verify();

      expect(report.unchanged).toBe(false);
      // Docker takes an image with a damaged config for none at all.
      expect(report.differences.map(({ kind }) => kind)).toEqual(['tag-removed', 'removed']);
    });
  });

  describe('a check that could not look', () => {
    it('fails if there is no fingerprint from before', async () => {
      const image = await freshImage();

      const report = await image.verify({ depth: 'behavior' });

      expect(report.unchanged).toBe(false);
      expect(report.differences).toMatchObject([
        { kind: 'unchecked', message: expect.stringContaining('image.fingerprint()') as string },
      ]);
    });

    it('compares with a fingerprint that is handed in, such as one from another process', async () => {
      const image = await freshImage();
      const fingerprint = await image.fingerprint();
      const other = `sha256:${'0'.repeat(64)}`;

      expect(await image.verify({ depth: 'behavior', fingerprint })).toMatchObject({ unchanged: true });
      const report = await image.verify({ depth: 'behavior', fingerprint: other });
      expect(report.differences).toMatchObject([{ kind: 'path', expected: other, found: fingerprint }]);
    });
  });
});

/** Changes a byte in the first line of an archive's description, which has the first file's header. */
function changePayload(line: string): string {
  const entry = JSON.parse(line) as { payload: string };
  const bytes = Buffer.from(entry.payload, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return JSON.stringify({ ...entry, payload: bytes.toString('base64') });
}
