import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { connectEngine } from '../../src/engine/connect/connection';
import type { EngineConnection } from '../../src/engine/connect/probe';
import { ImageError, ImageReferenceError } from '../../src/image/errors';
import { inspectImage } from '../../src/image/image';
import { defaultImage, planImage, resolveImage } from '../../src/image/sources/resolve';
import { InvalidOptionError } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { makeImage, removeImage } from '../../tooling/images/make-image';
import { withEnvironment } from '../../tooling/machine/environment';

/** A registry that no name server knows (RFC 6761), so that a pull from it fails at once. */
const nowhere = 'registry.invalid';

let docker: EngineConnection['docker'];

beforeAll(async () => {
  ({ docker } = await connectEngine());
});

describe('an image that the engine has', () => {
  const reference = 'belljar-specs/resolve-present:1';
  let id: string;

  beforeAll(async () => {
    id = await makeImage(docker, reference);
  });

  afterAll(() => removeImage(docker, reference));

  it('is used as it is', async () => {
    const image = await resolveImage(reference);

    expect(image).toMatchObject({ reference, id, tags: [reference] });
    expect(image.layers).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
    expect(image.config).toMatchObject({ cmd: ['/none'], labels: { 'belljar.spec': 'image' }, workdir: '/' });
  });

  it('is found by every form of its name, and by its id', async () => {
    expect((await resolveImage(`docker.io/${reference}`)).reference).toBe(reference);
    expect((await resolveImage(id)).id).toBe(id);
  });

  it('is used under its plain name, too, if the registry of a prefix is out of reach', async () => {
    const image = await withEnvironment({ TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: nowhere }, () =>
      resolveImage(reference),
    );

    expect(image).toMatchObject({ reference, id });
  });

  it('is not used for another platform', async () => {
    const { platform } = await resolveImage(reference);
    expect((await resolveImage(reference, { platform })).id).toBe(id);

    expect(await planImage(reference, { platform: 'linux/s390x' })).toMatchObject({ source: 'pull' });
    await expect(resolveImage(reference, { platform: 's390x' })).rejects.toThrow(InvalidOptionError);
  });
});

describe('an image in an archive', () => {
  const reference = 'belljar-specs/resolve-archive:1';
  let directory: string;
  let archive: string;
  let id: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'belljar-specs-'));
    archive = join(directory, 'image.tar');
    id = await makeImage(docker, reference);
    await pipeline(await docker.getImage(reference).get(), createWriteStream(archive));
    await pipeline(await docker.getImage(reference).get(), createGzip(), createWriteStream(`${archive}.gz`));
  });

  beforeEach(() => removeImage(docker, reference));

  afterAll(async () => {
    await removeImage(docker, reference);
    await rm(directory, { recursive: true });
  });

  it.each(['image.tar', 'image.tar.gz'])(
    'is loaded from %s, which BELLJAR_IMAGE_ARCHIVE names',
    async (name) => {
      await withEnvironment({ BELLJAR_IMAGE_ARCHIVE: join(directory, name) }, async () => {
        const plan = await planImage(reference);
        expect(plan).toEqual({ source: 'archive', reference, archive: join(directory, name) });

        const image = await resolveImage(reference);

        expect(image).toMatchObject({ reference, id });
        expect(await planImage(reference)).toEqual({ source: 'present', reference });
      });
    },
  );

  it('is looked for in several archives, and the error says what they hold if none has it', async () => {
    const variable = { BELLJAR_IMAGE_ARCHIVE: `${archive}:${archive}.gz` };

    const search = withEnvironment(variable, () => resolveImage(`${nowhere}/tool:1`, { progress: 'silent' }));

    const error = await rejectionOf(search, ImageError);
    expect(error.code).toBe('IMAGE_NOT_FOUND');
    expect(error.message).toContain(`${archive} contains ${reference}`);
    expect(error.message).toContain(`${archive}.gz contains ${reference}`);
  });

  it.each([
    ['missing', () => Promise.resolve(), 'ENOENT'],
    ['cut off', (path: string) => writeCut(path, archive), 'Unexpected end of data'],
    ['no archive', (path: string) => writeFile(path, 'not a tar archive '.repeat(100)), 'Invalid tar header'],
    ['empty', (path: string) => writeFile(path, ''), 'it has no manifest.json'],
  ])('is not looked for elsewhere if the archive is %s', async (_, damage, why) => {
    const path = join(directory, 'damaged.tar');
    await rm(path, { force: true });
    await damage(path);

    const search = withEnvironment({ BELLJAR_IMAGE_ARCHIVE: path }, () => resolveImage(reference));

    const error = await rejectionOf(search, ImageError);
    expect(error.code).toBe('IMAGE_ARCHIVE_UNUSABLE');
    expect(error.message).toContain(path);
    expect(error.message).toContain(why);
  });

  async function writeCut(path: string, whole: string): Promise<void> {
    await pipeline(createReadStream(whole), createWriteStream(path));
    await truncate(path, 700);
  }
});

describe('a stand-in', () => {
  const standIn = 'belljar-specs/stand-in:1';
  const none = { BELLJAR_IMAGE_ARCHIVE: undefined, TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: undefined };

  beforeAll(() => makeImage(docker, standIn));

  afterAll(() => removeImage(docker, standIn));

  it('is used for the default image if the project opts in, under its own name', async () => {
    if (await isPresent(defaultImage)) return expectPresentFirst();

    const image = await withEnvironment({ ...none, BELLJAR_STAND_IN: standIn }, () => resolveImage());

    expect(image).toMatchObject({ reference: standIn, standsInFor: defaultImage, tags: [standIn] });
  });

  it('is never used for another image', async () => {
    await withEnvironment({ ...none, BELLJAR_STAND_IN: standIn }, async () => {
      expect(await planImage('ubuntu:22.04')).toMatchObject({ source: 'pull' });
      expect((await resolveImage(standIn)).standsInFor).toBeUndefined();
    });
  });

  it('that the engine has not is said to be missing, among what was tried', async () => {
    if (await isPresent(defaultImage)) return expectPresentFirst();
    const absent = {
      ...none,
      BELLJAR_STAND_IN: 'belljar-specs/absent:1',
      TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: nowhere,
    };

    const error = await rejectionOf(
      withEnvironment(absent, () => resolveImage(undefined, { progress: 'silent' })),
      ImageError,
    );

    expect(error.code).toBe('IMAGE_NOT_FOUND');
    expect(error.message).toMatch(/stand-in {2}the engine does not have belljar-specs\/absent:1/);
    expect(error.message).toMatch(/pull {6}Pulling registry\.invalid\/ubuntu:20\.04 failed/);
  });

  it('with a malformed name is refused', async () => {
    if (await isPresent(defaultImage)) return expectPresentFirst();

    const search = withEnvironment({ ...none, BELLJAR_STAND_IN: 'Not A Name' }, () => planImage());

    expect(await rejectionOf(search, ImageReferenceError)).toMatchObject({ code: 'REFERENCE_WHITESPACE' });
  });

  /** Where the engine has the real one, that is what must be used. */
  async function expectPresentFirst(): Promise<void> {
    const image = await withEnvironment({ ...none, BELLJAR_STAND_IN: standIn }, () => resolveImage());
    expect(image).toMatchObject({ reference: defaultImage });
    expect(image.standsInFor).toBeUndefined();
  }

  async function isPresent(reference: string): Promise<boolean> {
    return (await planImage(reference)).source === 'present';
  }
});

describe('an image that can not be had', () => {
  it('gives an error with every step that was tried, why each failed, and what to do', async () => {
    const nothing = { BELLJAR_IMAGE_ARCHIVE: undefined, BELLJAR_STAND_IN: undefined };
    const reference = `${nowhere}/team/tool:1`;

    const error = await rejectionOf(
      withEnvironment(nothing, () => resolveImage(reference, { progress: 'silent' })),
      ImageError,
    );

    expect(error.code).toBe('IMAGE_NOT_FOUND');
    expect(error.message.split('\n')).toEqual([
      `The image ${reference} is not available. belljar tried:`,
      `  engine    the engine does not have ${reference}`,
      '  archive   BELLJAR_IMAGE_ARCHIVE is not set',
      expect.stringMatching(
        /^ {2}pull {6}Pulling registry\.invalid\/team\/tool:1 failed: the registry can't be reached/,
      ),
      '',
      'What to do (one of these):',
      ...Array.from({ length: 3 }, () => expect.stringMatching(/^ {2}- /) as string),
    ]);
  });

  it('is not pulled if only its id is known', async () => {
    const error = await rejectionOf(resolveImage(`sha256:${'0'.repeat(64)}`), ImageError);

    expect(error.message).toContain("can't be pulled by its id");
  });

  it('is not looked for if the reference is malformed', async () => {
    await expect(resolveImage('Ubuntu:20.04')).rejects.toThrow(ImageReferenceError);
    await expect(planImage('ubuntu:')).rejects.toThrow(ImageReferenceError);
  });

  it('is not pulled by a mere look', async () => {
    expect(await rejectionOf(inspectImage(`${nowhere}/tool:1`), ImageError)).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
    });
  });
});
