import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import { ContainerError, Image, ImageError, ServiceError, startContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { makeImage, removeImage } from '../../tooling/images/make-image';
import { imageWithConfig } from '../../tooling/images/image-with-config';
import { failureOf } from '../../tooling/spec-helpers/failure-of';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

let docker: Docker;

beforeAll(async () => {
  ({ docker } = await connectEngine());
});

describe('An image with a service', () => {
  const service = ['/bin/sh', '-c', 'echo serving; exec sleep 1000'];
  let image: Image;

  beforeAll(async () => {
    image = await imageWithConfig({ Cmd: service });
  });
  afterAll(() => removeImage(docker, image.reference));

  it("runs it with the option command: 'image'", async () => {
    await using box = await startContainer(image, { command: 'image' });

    await box.waitForLog('serving');
  });

  it('does not run it by default: a wait that fails says so, and names the cure', async () => {
    await using box = await startContainer(image);

    const errors = await Promise.all([
      rejectionOf(box.waitForPort(6379, { timeout: 100 }), ServiceError),
      rejectionOf(box.waitForLog('serving', { timeout: 100 }), ServiceError),
      rejectionOf(box.waitForHttp(6379, { timeout: 100 }), ServiceError),
    ]);
    const failure = await failureOf(expect(box).toListenOn(6379, { timeout: 100 }));

    for (const message of [...errors.map((error) => error.message), failure]) {
      expect(message).toContain("The image's own command does not run: process 1 is belljar's idle command");
      expect(message).toContain('To run /bin/sh -c echo serving; exec sleep 1000, start the container with');
      expect(message).toContain("{ command: 'image' }");
    }
  });

  it('is not blamed if it runs and is not ready', async () => {
    await using box = await startContainer(image, { command: 'image' });

    const error = await rejectionOf(box.waitForPort(6379, { timeout: 100 }), ServiceError);

    expect(error.message).not.toContain('idle command');
  });
});

describe('An image whose own command is a shell', () => {
  it('is not said to have a service', async () => {
    const image = await imageWithConfig({ Cmd: ['/bin/bash'] });
    try {
      await using box = await startContainer(image);

      const error = await rejectionOf(box.waitForPort(6379, { timeout: 100 }), ServiceError);

      expect(error.message).not.toContain('idle command');
    } finally {
      await removeImage(docker, image.reference);
    }
  });
});

describe('An image without a shell', () => {
  const reference = `belljar-specs/no-shell:${randomUUID()}`;
  beforeAll(() => makeImage(docker, reference));
  afterAll(() => removeImage(docker, reference));

  it('can’t idle: the error says what works', async () => {
    const error = await rejectionOf(startContainer(reference), ContainerError);

    expect(error.code).toBe('NO_IDLE_COMMAND');
    expect(error.message).toMatch(/^The image \S+ has no \/bin\/sh, with which belljar keeps a container up/);
    expect(error.message).toContain("{ command: 'image' }");
    expect(await containersOf(reference)).toEqual([]);
  });

  it('can’t be derived from', async () => {
    const image = await Image.inspect(reference);

    const error = await rejectionOf(
      image.derive(() => undefined),
      ImageError,
    );

    expect(error.code).toBe('IMAGE_NOT_DERIVED');
    expect(error.message).toContain('has no /bin/sh');
  });

  it('is not said to lack a shell if another program could not start', async () => {
    const error = await rejectionOf(startContainer(reference, { command: 'image' }), ContainerError);

    expect(error.code).toBe('CONTAINER_NOT_STARTED');
    expect(error.message).toContain('/none');
  });
});

describe('Process 1 that ends before the ports are published', () => {
  it('fails the start at once, with its exit code and its log', async () => {
    const start = performance.now();

    const error = await failedStart();

    expect(error.code).toBe('CONTAINER_NOT_STARTED');
    expect(error.message).toContain('process 1 ended before the ports were published');
    expect(error.message).toMatch(/Exit code of process 1: 3\nLog of process 1:\n {2}no license key/);
    expect(performance.now() - start).toBeLessThan(9_000);
  });

  /** A quick engine may publish the ports before the process ends. Then the start does not fail, and is tried again. */
  async function failedStart(): Promise<ContainerError> {
    const command = ['/bin/sh', '-c', 'echo no license key >&2; exit 3'];
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      try {
        await using started = await startContainer({ command, ports: [80], network: 'bridge' });
        await started.docker.wait();
      } catch (error) {
        if (error instanceof ContainerError) return error;
        throw error;
      }
    }
    throw new Error('The process outlived the publishing of its ports ten times.');
  }

  it('does not matter to a container without ports', async () => {
    await using box = await startContainer({ command: ['/bin/sh', '-c', 'exit 3'] });

    expect((await box.docker.wait()) as unknown).toMatchObject({ StatusCode: 3 });
  });
});

async function containersOf(image: string): Promise<unknown[]> {
  return docker.listContainers({ all: true, filters: { ancestor: [image] } });
}

describe('The end of process 1', () => {
  const script = 'echo out; echo err >&2; sleep 0.3';

  it('is waited for, and its exit code returned', async () => {
    await using box = await startContainer({ command: ['/bin/sh', '-c', 'sleep 0.3; exit 3'] });

    expect(await box.waitForExit()).toBe(3);
    expect(await box.waitForExit()).toBe(3);
  });

  it('is not waited for longer than the timeout', async () => {
    await using box = await startContainer();

    const error = await rejectionOf(box.waitForExit({ timeout: 300 }), ServiceError);

    expect(error.code).toBe('NOT_READY');
    expect(error.message).toContain('waiting for process 1 to end');
    expect(error.message).toContain('Last seen: process 1 is running');
  });

  it('leaves what it printed, standard output and error together or apart', async () => {
    await using box = await startContainer({ command: ['/bin/sh', '-c', script] });
    await box.waitForExit();

    expect(await box.logs({ stream: 'stdout' })).toBe('out\n');
    expect(await box.logs({ stream: 'stderr' })).toBe('err\n');
    expect((await box.logs()).split('\n').sort()).toEqual(['', 'err', 'out']);
    await expect(box.logs({ stream: 'stdin' } as never)).rejects.toThrow(
      "stream must be 'stdout' or 'stderr'",
    );
  });
});
