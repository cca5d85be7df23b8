import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Image, ImageError, InvalidOptionError, runImage, startContainer, startContainers } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import type { EngineConnection } from '../../src/engine/connect/probe';
import { drain, makeImage, removeImage } from '../../tooling/images/make-image';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { startRegistry, type Registry } from '../../tooling/registry/registry';
import { keepOutput } from '../../tooling/spec-helpers/keep-output';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

let registry: Registry;
let docker: EngineConnection['docker'];
const made = new Set<string>();

beforeAll(async () => {
  ({ docker } = await connectEngine());
  registry = await startRegistry();
});

afterAll(async () => {
  for (const reference of [...made].reverse()) await removeImage(docker, reference);
  await registry.stop();
});

/** Pushes an image that no other image equals, and leaves the engine with an older one of that name. */
async function outdated(name: string): Promise<{ reference: string; old: string; current: string }> {
  const reference = `${registry.address}/belljar/${name}:1`;
  made.add(reference);
  const current = await pushed(reference);
  const old = await makeImage(docker, reference);
  made.add(old);
  return { reference, current, old };
}

async function pushed(reference: string): Promise<string> {
  const id = await makeImage(docker, reference);
  made.add(id);
  await drain(await docker.getImage(reference).push({ authconfig: {} }));
  return id;
}

describe("With pull: 'always', an image", () => {
  it("is the registry's, even if the engine has an older one; with 'missing', it is the engine's", async () => {
    const { reference, old, current } = await outdated('always');

    expect((await Image.resolve(reference)).id).toBe(old);
    expect((await Image.resolve(reference, { pull: 'always', progress: 'silent' })).id).toBe(current);
    expect((await Image.resolve(reference, { pull: 'missing' })).id).toBe(current);
  });

  it('is pulled once in a process, also for callers at the same time', async () => {
    const { reference, current } = await outdated('once');
    const output = keepOutput();
    const resolve = () => Image.resolve(reference, { pull: 'always', output });

    const found = await Promise.all([resolve(), resolve()]);
    await pushed(reference);
    await docker.getImage(current).tag({ repo: reference.slice(0, -2), tag: '1' });

    expect([...found, await resolve()].map(({ id }) => id)).toEqual([current, current, current]);
    expect(output.text().match(/pulling \S+\n/g)).toHaveLength(1);
  });

  it('is pulled again if the engine has lost the image', async () => {
    const { reference, current } = await outdated('lost');
    const resolve = () => Image.resolve(reference, { pull: 'always', progress: 'silent' });

    await resolve();
    await removeImage(docker, reference);

    expect((await resolve()).id).toBe(current);
  });

  it('is not the old one if the registry can’t be reached: the error says so, and what to do', async () => {
    const reference = 'localhost:1/belljar/tool:1';
    made.add(reference);
    const id = await makeImage(docker, reference);

    for (const start of [
      () => Image.resolve(reference, { pull: 'always', progress: 'silent' }),
      () => startContainer(reference, { pull: 'always' }),
      () => runImage(reference, [], { pull: 'always' }),
    ]) {
      const error = await rejectionOf(start(), ImageError);
      expect(error).toMatchObject({ code: 'IMAGE_NOT_UPDATED', cause: { code: 'REGISTRY_UNREACHABLE' } });
      expect(error.message).toContain("the registry can't be reached");
      expect(error.message).toContain(`The engine has the image ${id.slice(7, 19)} of that name.`);
      expect(error.message).toContain("pull: 'missing'");
    }
  });

  it('is not there if neither the registry nor the engine has it', async () => {
    const reference = `${registry.address}/belljar/none:1`;

    expect(await rejectionOf(startContainer(reference, { pull: 'always' }), ImageError)).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      cause: { code: 'PULL_NOT_FOUND' },
    });
  });

  it('needs a name: an id and an image object name one image for ever', async () => {
    const { reference, old } = await outdated('named');

    await expect(Image.resolve(old, { pull: 'always' })).rejects.toThrow(InvalidOptionError);
    await expect(startContainer(await Image.resolve(reference), { pull: 'always' })).rejects.toThrow(
      "pull can't be 'always' for an image that belljar has found already",
    );
  });
});

describe("With pull: 'never', an image", () => {
  it('is the engine’s', async () => {
    const { reference, old } = await outdated('never');

    expect((await Image.resolve(reference, { pull: 'never' })).id).toBe(old);
  });

  it('is not pulled though the registry has it: the error says so, and what to do', async () => {
    const { reference } = await outdated('absent');
    await removeImage(docker, reference);

    for (const start of [
      () => Image.resolve(reference, { pull: 'never' }),
      () => startContainer(reference, { pull: 'never' }),
      () => runImage(reference, [], { pull: 'never' }),
    ]) {
      const error = await rejectionOf(start(), ImageError);
      expect(error.code).toBe('IMAGE_NOT_FOUND');
      expect(error.message).toContain(`the engine does not have ${reference}`);
      expect(error.message).toContain("not tried, because pull is 'never'");
      expect(error.message).toContain(`docker pull ${reference}`);
    }
    await expect(startContainers({ one: { image: reference, pull: 'never' } })).rejects.toThrow("'never'");
  });
});

it('Another value of pull is refused', async () => {
  const wrong = { pull: 'if-not-present' } as never;

  await expect(startContainer(wrong)).rejects.toThrow("pull must be 'always', 'missing' or 'never'");
  await expect(Image.resolve('ubuntu', wrong)).rejects.toThrow("pull must be 'always', 'missing' or 'never'");
  await expect(Image.build(__dirname, { pull: 'never' as never })).rejects.toThrow(
    "pull must be 'always' or 'missing'",
  );
});

describe('The base image of a build', () => {
  it("is the engine's, or with pull: 'always' the registry's", async () => {
    const { reference, old, current } = await outdated('base');
    await using context = await temporaryDirectory();
    await writeFile(join(context.path, 'Dockerfile'), `FROM ${reference}\nLABEL color=green\n`);
    const layersOf = async (id: string) => (await docker.getImage(id).inspect()).RootFS.Layers;
    const currentLayers = await layersOf(current);

    const missing = await Image.build(context.path);
    const always = await Image.build(context.path, { pull: 'always' });

    made.add(missing.reference).add(always.reference);
    expect(missing.layers).toEqual(await layersOf(old));
    expect(always.layers).toEqual(currentLayers);
    await registry.stop();
    const error = await rejectionOf(Image.build(context.path, { pull: 'always' }), ImageError);
    expect(error.message).toMatch(/connection refused/);
  });
});
