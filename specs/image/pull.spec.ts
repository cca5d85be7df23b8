import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRegistry, type Registry } from '../../tooling/registry/registry';
import { startStallingProxy } from '../../tooling/registry/stalling-proxy';
import { connectEngine } from '../../src/engine/connect/connection';
import type { EngineConnection } from '../../src/engine/connect/probe';
import { ImageError } from '../../src/image/errors';
import type { PullProgress } from '../../src/image/sources/progress';
import { buildImage } from '../../src/image/sources/build';
import { planImage, resolveImage } from '../../src/image/sources/resolve';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { drain, makeImage, removeImage, splitTag } from '../../tooling/images/make-image';
import { keepOutput } from '../../tooling/spec-helpers/keep-output';
import { withEnvironment } from '../../tooling/machine/environment';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';

/** Random bytes don't shrink, so this many go over the wire. */
const size = 8_000_000;

describe('an image that the engine has not is pulled from its registry', () => {
  let registry: Registry;
  let docker: EngineConnection['docker'];
  let reference: string;
  let id: string;

  beforeAll(async () => {
    ({ docker } = await connectEngine());
    registry = await startRegistry();
    reference = `${registry.address}/belljar/tool:1`;
    id = await makeImage(docker, reference, { 'payload.bin': randomBytes(size) });
    await drain(await docker.getImage(reference).push({ authconfig: {} }));
  });

  beforeEach(() => removeImage(docker, reference));

  afterAll(async () => {
    await removeImage(docker, reference);
    await registry.stop();
  });

  it('and is then in the engine, as what was pushed', async () => {
    expect(await planImage(reference)).toEqual({ source: 'pull', reference });

    const image = await resolveImage(reference, { progress: 'silent' });

    expect(image).toMatchObject({ reference, id, tags: [reference] });
    expect(image.standsInFor).toBeUndefined();
    expect(await planImage(reference)).toEqual({ source: 'present', reference });
  });

  it('by its digest too', async () => {
    await resolveImage(reference, { progress: 'silent' });
    const { RepoDigests } = await docker.getImage(reference).inspect();
    const byDigest = RepoDigests[0] ?? '';
    await removeImage(docker, reference);

    const image = await resolveImage(byDigest, { progress: 'silent' });

    expect(image).toMatchObject({ reference: byDigest, id });
    await removeImage(docker, byDigest);
  });

  it('with its progress in layers and bytes', async () => {
    const seen: PullProgress[] = [];

    await resolveImage(reference, { progress: 'silent', onProgress: (progress) => seen.push(progress) });

    expect(seen[0]).toMatchObject({ reference, state: 'started', layers: { done: 0, total: 0 } });
    expect(seen.at(-1)).toMatchObject({ state: 'done', layers: { done: 1, total: 1 } });
    expect(seen.at(-1)?.bytes.total).toBeGreaterThanOrEqual(size);
    expect(seen.at(-1)?.bytes.done).toBe(seen.at(-1)?.bytes.total);
    expect(seen.some(({ bytes }) => bytes.done > 0 && bytes.done < bytes.total)).toBe(true);
  });

  it('with a few plain lines if there is no terminal', async () => {
    const output = keepOutput();

    await resolveImage(reference, { output });

    const lines = output.text().trimEnd().split('\n');
    expect(lines[0]).toBe(`belljar: pulling ${reference}`);
    expect(lines.at(-1)).toMatch(/^belljar: pulled \S+: 8\.0 MB in \d+\.\d s$/);
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  it('once, however many ask for it at the same time', async () => {
    const output = keepOutput();

    const images = await Promise.all([1, 2, 3, 4].map(() => resolveImage(reference, { output })));

    expect(output.text().match(/pulling \S+\n/g)).toHaveLength(1);
    expect(images.map((image) => image.id)).toEqual([id, id, id, id]);
  });

  it("under testcontainers' name for it if a prefix is set", async () => {
    const [path] = splitTag(reference.slice(registry.address.length + 1));

    const image = await withEnvironment({ TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: registry.address }, () =>
      resolveImage(`${path}:1`, { progress: 'silent' }),
    );
    expect(image).toMatchObject({ reference, id });

    const longer = { TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX: `${registry.address}/belljar` };
    expect(await withEnvironment(longer, () => planImage('tool:1'))).toEqual({
      source: 'present',
      reference,
    });
  });

  it('unless the caller cancels', async () => {
    await using proxy = await startStallingProxy(registry.port, 2_000_000);
    const controller = new AbortController();

    const pull = resolveImage(`${proxy.address}/belljar/tool:1`, {
      progress: 'silent',
      signal: controller.signal,
      onProgress: ({ bytes }) => {
        if (bytes.done > 0) controller.abort();
      },
    });

    expect(await rejectionOf(pull, ImageError)).toMatchObject({ code: 'PULL_CANCELED' });
  });

  it('though the credential helper that the settings name is missing, as by docker pull', async () => {
    await removeImage(docker, reference);
    const settings = JSON.stringify({ credsStore: 'no-such-helper' });

    const image = await withEnvironment({ DOCKER_AUTH_CONFIG: settings }, () =>
      resolveImage(reference, { progress: 'silent' }),
    );

    expect(image.reference).toBe(reference);
  });

  it('unless the registry has no such tag: the error says what was tried', async () => {
    const wrong = `${registry.address}/belljar/tool:2`;

    const error = await rejectionOf(resolveImage(wrong, { progress: 'silent' }), ImageError);

    expect(error).toMatchObject({ code: 'IMAGE_NOT_FOUND', cause: { code: 'PULL_NOT_FOUND' } });
    expect(error.message).toContain(`the engine does not have ${wrong}`);
    expect(error.message).toContain(`has no ${registry.address}/belljar/tool with the tag 2`);
  });

  it('unless no registry listens there', async () => {
    await using proxy = await startStallingProxy(registry.port, 0);
    await proxy.cut();

    const error = await rejectionOf(
      resolveImage(`${proxy.address}/tool:1`, { progress: 'silent' }),
      ImageError,
    );

    expect(error).toMatchObject({ code: 'IMAGE_NOT_FOUND', cause: { code: 'REGISTRY_UNREACHABLE' } });
    expect(error.message).toContain("the registry can't be reached");
  });

  it('unless the registry goes away in the middle, and does not come back for the retries', async () => {
    await using proxy = await startStallingProxy(registry.port, 2_000_000);
    const cuts: Promise<void>[] = [];

    const waits = new Set<string>();

    const pull = resolveImage(`${proxy.address}/belljar/tool:1`, {
      progress: 'silent',
      retries: 1,
      onProgress: ({ bytes, waiting }) => {
        if (bytes.done > 0 && cuts.length === 0) cuts.push(proxy.cut());
        if (waiting !== undefined) waits.add(waiting);
      },
    });

    const error = await rejectionOf(pull, ImageError);
    expect(error).toMatchObject({ code: 'IMAGE_NOT_FOUND', cause: { code: 'REGISTRY_UNREACHABLE' } });
    expect([...waits]).toContain('Retrying in 5 seconds');
    await Promise.all(cuts);
  });

  it('unless it is there for another platform only', async () => {
    const error = await rejectionOf(
      resolveImage(reference, { platform: 'linux/s390x', progress: 'silent' }),
      ImageError,
    );

    expect(error).toMatchObject({ code: 'IMAGE_NOT_FOUND' });
    expect(error.message).toContain('linux/s390x');
  });
});

describe('a registry that wants a login', () => {
  /** The user `belljar` with the password `secret`, for this registry of one run. */
  const users = 'belljar:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a';
  let registry: Registry;
  let docker: EngineConnection['docker'];
  let reference: string;

  beforeAll(async () => {
    ({ docker } = await connectEngine());
    registry = await startRegistry({ users });
    reference = `${registry.address}/belljar/secret:1`;
    await makeImage(docker, reference);
    const authconfig = { username: 'belljar', password: 'secret', serveraddress: registry.address };
    await drain(await docker.getImage(reference).push({ authconfig }));
    await removeImage(docker, reference);
  });

  afterAll(async () => {
    await removeImage(docker, reference);
    await registry.stop();
  });

  it('refuses one who has none, and the error says how to log in', async () => {
    const error = await rejectionOf(resolveImage(reference, { progress: 'silent' }), ImageError);

    expect(error).toMatchObject({ code: 'IMAGE_NOT_FOUND', cause: { code: 'PULL_DENIED' } });
    expect(error.message).toContain(`docker login ${registry.address}`);
  });

  it('is asked without credentials if the helper is missing, and the error says so', async () => {
    const settings = JSON.stringify({ credsStore: 'no-such-helper' });

    const error = await withEnvironment({ DOCKER_AUTH_CONFIG: settings }, () =>
      rejectionOf(resolveImage(reference, { progress: 'silent' }), ImageError),
    );

    expect(error).toMatchObject({ cause: { code: 'PULL_DENIED' } });
    expect(error.message).toContain('belljar pulled without credentials: docker-credential-no-such-helper');
  });

  it('gives the image to one whose login is where docker keeps it', async () => {
    const auth = Buffer.from('belljar:secret').toString('base64');
    const settings = JSON.stringify({ auths: { [registry.address]: { auth } } });

    const image = await withEnvironment({ DOCKER_AUTH_CONFIG: settings }, () =>
      resolveImage(reference, { progress: 'silent' }),
    );

    expect(image.reference).toBe(reference);
  });

  it('gives it to the build of a Dockerfile that begins with it', async () => {
    await removeImage(docker, reference);
    const auth = Buffer.from('belljar:secret').toString('base64');
    const settings = JSON.stringify({ auths: { [registry.address]: { auth } } });
    await using context = await temporaryDirectory();
    await writeFile(join(context.path, 'Dockerfile'), `FROM ${reference}\nLABEL color=green\n`);

    await expect(buildImage(context.path)).rejects.toThrow(/no basic auth|unauthorized|denied/);
    const image = await withEnvironment({ DOCKER_AUTH_CONFIG: settings }, () => buildImage(context.path));

    await removeImage(docker, image.reference);
    expect(image.config.labels).toMatchObject({ color: 'green' });
  });
});
