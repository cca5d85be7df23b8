import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { GenericContainer } from 'testcontainers';
import { Image, ImageError, InvalidOptionError, startContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { removeImage } from '../../tooling/images/make-image';
import { withEnvironment } from '../../tooling/machine/environment';

const context = join(__dirname, '../../fixtures/dockerfiles/greeter');

describe('An image built from a Dockerfile', () => {
  let docker: Docker;
  let base: string;
  const built = new Set<string>();

  beforeAll(async () => {
    ({ docker } = await connectEngine());
    base = (await Image.resolve()).reference;
  });

  afterAll(async () => {
    for (const reference of built) await removeImage(docker, reference);
  });

  async function build(options: Parameters<typeof Image.build>[1] = {}): Promise<Image> {
    const { buildArgs, ...others } = options;
    const image = await Image.build(context, { buildArgs: { BASE: base, ...buildArgs }, ...others });
    built.add(image.reference);
    return image;
  }

  it('starts like any other, and has what its Dockerfile says and nothing that .dockerignore names', async () => {
    const image = await build({ buildArgs: { GREETING: 'good day' } });
    await using box = await startContainer(image);

    await expect(box.$`/opt/greeter/greet`).toPrint(/^good day, world$/);
    await expect(box.$`id -un`).toPrint(/^nobody$/);
    await expect(box).toHaveDirectory('/opt/greeter', { owner: 'root', entries: ['data', 'greet'] });
    await expect(box).toHaveDirectory('/opt/greeter/data', { entries: ['public'] });
    expect(image.config).toMatchObject({ user: 'nobody', cmd: ['/opt/greeter/greet'] });
    expect(box.image.id).toBe(image.id);
    await expect(box.image).toBeUnchanged();
  });

  it('is the same if nothing differs, and has a name of its own, which no other image has', async () => {
    const [first, second] = [await build(), await build()];
    const other = await build({ buildArgs: { GREETING: 'bye' }, target: 'tools' });

    expect(first.reference).toBe(`belljar/built:${first.id.slice('sha256:'.length, 'sha256:'.length + 12)}`);
    expect(second.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect(other.config).toMatchObject({ user: '', labels: { 'belljar.built': 'greeter/Dockerfile' } });
  });

  it('is not there if a step fails: the error has the last lines, and the step leaves no container', async () => {
    const error = await rejectionOf(build({ dockerfile: 'broken.Dockerfile' }), ImageError);

    expect(error.code).toBe('IMAGE_NOT_BUILT');
    expect(error.message).toMatch(
      /^Building an image from .*broken\.Dockerfile failed: .* returned a non-zero code: 3\n/,
    );
    expect(error.message).toMatch(/\n {2}.*E: no package named belljar/);
    const containers = await docker.listContainers({ all: true });
    expect(containers.filter(({ Command }) => Command.includes('no package named belljar'))).toEqual([]);
  });

  it('is not there if the engine refuses the Dockerfile, or does not have the base', async () => {
    const reasonOf = async (options: Parameters<typeof Image.build>[1]): Promise<string> =>
      (await rejectionOf(build(options), ImageError)).message;

    expect(await reasonOf({ dockerfile: 'malformed.Dockerfile' })).toMatch(/unknown instruction: INSTALL/);
    expect(await reasonOf({ dockerfile: 'no-such.Dockerfile' })).toContain('no-such.Dockerfile');
    expect(await reasonOf({ buildArgs: { BASE: 'localhost:1/none' } })).toContain('localhost:1');
    expect(await reasonOf({ target: 'no-such-stage' })).toContain('no-such-stage');
    expect(await reasonOf({ signal: AbortSignal.abort() })).toContain('abort');
  });

  it('is not begun with options that can’t be used', async () => {
    await expect(Image.build('/no/such/directory')).rejects.toThrow(InvalidOptionError);
    await expect(build({ dockerfile: '../Dockerfile' })).rejects.toThrow('within the context directory');
    await expect(build({ platform: 'windows' })).rejects.toThrow('platform must be');
    await expect(build({ args: {} } as never)).rejects.toThrow(
      'args is not an option. The options are dockerfile',
    );
  });

  it('may be built by testcontainers as well', async () => {
    const reference = `belljar-spec/greeter:${randomBytes(6).toString('hex')}`;
    built.add(reference);

    await withEnvironment({ TESTCONTAINERS_RYUK_DISABLED: 'true' }, () =>
      GenericContainer.fromDockerfile(context)
        .withBuildArgs({ BASE: base })
        .build(reference, { deleteOnExit: false }),
    );
    await using box = await startContainer(reference);

    await expect(box.$`/opt/greeter/greet`).toPrint('hello, world');
  });
});
