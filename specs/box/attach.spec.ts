import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { attach, ContainerError, Image, InvalidOptionError, startContainer, useContainer } from '../../src';
import { boxesOf } from '../../src/pool/in-use';
import { createBoxDescription } from '../../src/report/box-description';
import { listProcesses } from '../../src/service/processes';
import { poll } from '../../src/support/poll';
import { containerExists } from '../../tooling/engine/engine-state';
import { answer, server } from '../../tooling/containers/web-server';
import { failureOf } from '../../tooling/spec-helpers/failure-of';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Starts a container as a user of testcontainers does. belljar has no part in it. */
async function startByTestcontainers(
  prepare: (container: GenericContainer) => GenericContainer = (container) => container,
): Promise<StartedTestContainer> {
  const { reference } = await Image.resolve();
  const container = new GenericContainer(reference)
    .withAutoCleanup(false)
    .withCommand(['sh', '-c', 'echo ready; exec sleep 600'])
    .withEnvironment({ GREETING: 'hello', API_TOKEN: 'a-very-secret-token' });
  return prepare(container).start();
}

/** Prepares a web server, for which testcontainers waits. */
function serving(container: GenericContainer): GenericContainer {
  const [program, args] = server(8080, answer('200 OK', 'hello'));
  return container.withCommand([program, ...args]).withExposedPorts(8080);
}

describe('A container of testcontainers that a test attaches to', () => {
  it('has commands, files, a log and facts', async () => {
    await using started = await startByTestcontainers();
    await using box = await attach(started);

    await expect(box.sh`echo "$GREETING"`).toPrint('hello');
    await box.files.write('/etc/app.conf', 'debug = true\n', { owner: 'nobody' });
    await expect(box).toHaveFile('/etc/app.conf', { owner: 'nobody', content: /^debug/ });
    await box.waitForLog('ready');
    expect(box).toMatchObject({
      id: started.getId(),
      name: started.getName().slice(1),
      hostname: started.getHostname(),
    });
    expect(box.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(box.image.id).toBe((await Image.resolve()).id);
    expect(box.testcontainer).toBe(started);
  });

  it('has changes since the moment of attaching, not since its start', async () => {
    await using started = await startByTestcontainers();
    await started.exec(['sh', '-c', 'echo old >/before; echo old >/edited; echo old >/gone']);
    await using box = await attach(started);

    await expect(box).toBeUnchanged();
    await box.sh`echo new >/after; echo new >/edited; rm /gone`;

    const changes = await box.changes({ content: true });
    expect(changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'added /after',
      'modified /edited',
      'deleted /gone',
    ]);
    expect(changes[1]?.diff).toContain('-old\n+new\n');
    await expect(box).toHaveChangedOnly(['/after', '/edited', '/gone']);
  });

  it('has changes since its image, if the test asks for these', async () => {
    await using started = await startByTestcontainers();
    await started.exec(['sh', '-c', 'echo old >/before']);
    await using box = await attach(started, { baseline: 'image' });

    await expect(box).toHaveChangedOnly(['/before']);
  });

  it('is isolated from the host, or the failure says what is open', async () => {
    await using sealed = await startByTestcontainers();
    await using open = await startByTestcontainers((container) =>
      container.withBindMounts([{ source: __dirname, target: '/data', mode: 'ro' }]),
    );
    await using box = await attach(sealed);
    await using other = await attach(open);

    await expect(box).toBeIsolatedFromHost();
    expect(await failureOf(expect(other).toBeIsolatedFromHost())).toContain(
      `${__dirname} on /data, read-only`,
    );
  });

  it('answers on its published ports', async () => {
    await using started = await startByTestcontainers(serving);
    await using box = await attach(started);

    expect(box.port(8080)).toBe(started.getMappedPort(8080));
    await box.waitForHttp(8080);
    expect(() => box.port(81)).toThrow(expect.objectContaining({ code: 'NO_SUCH_PORT' }) as Error);
  });

  it('is attached to by its id or its name as well', async () => {
    await using started = await startByTestcontainers();

    for (const given of [started.getId(), started.getName().slice(1)]) {
      await using box = await attach(given, { baseline: 'image' });
      await expect(box.$`true`).toSucceed();
      expect(() => box.testcontainer).toThrow(expect.objectContaining({ code: 'NO_TESTCONTAINER' }) as Error);
    }
  });

  it('is in the report of a test that fails meanwhile', async () => {
    await using started = await startByTestcontainers();
    await using box = await attach(started);

    expect(boxesOf({ title: '', concurrent: false })).toContain(box);
    const { text } = await createBoxDescription(box, { alive: true });
    expect(text).toMatch(/^State:\n +running$/m);
    expect(text).toMatch(
      /^Options:\n +unknown: belljar has not started this container, but is attached to it$/m,
    );
    await box.detach();
    expect(boxesOf({ title: '', concurrent: false })).not.toContain(box);
  });

  it('keeps its secrets out of errors', async () => {
    await using started = await startByTestcontainers();
    await using box = await attach(started, { baseline: 'image', redact: ['hunter2'] });

    await expect(box.sh`echo "$API_TOKEN hunter2"; exit 1`).rejects.toThrow('[redacted] [redacted]');
  });
});

describe('The owner of a container that a test attaches to', () => {
  it('keeps the container when the test is done, without any program of the test', async () => {
    await using started = await startByTestcontainers();
    await using observer = await attach(started, { baseline: 'image' });
    {
      await using box = await attach(started);
      await box.$`true`;
      await box.spawn('sleep', ['777']);
      await box.terminal();
    }

    const left = async (): Promise<string[]> =>
      (await listProcesses(observer)).filter((line) => !/^1 |persistent shell/.test(line));
    await poll(async () => (await left()).length === 0, {
      for: 'the programs of the test to end',
      timeout: 10_000,
    });
    expect(await containerExists(started.getId())).toBe(true);
    // That of the observer, which runs the command.
    const shells = (await listProcesses(observer)).filter((line) => line.includes('persistent shell'));
    expect(shells).toHaveLength(1);
  });

  it('finds no labels of belljar on it', async () => {
    await using started = await startByTestcontainers();
    await using box = await attach(started, { baseline: 'image' });

    const { Config } = await box.docker.inspect();
    expect(Config.Labels).not.toHaveProperty(['belljar']);
    expect(Config.Labels).not.toHaveProperty(['belljar.run']);
  });

  it('is the only one to stop and remove it', async () => {
    await using started = await startByTestcontainers();
    await using box = await attach(started, { baseline: 'image' });

    for (const refused of [box.remove(), box.stop()]) {
      const error = await rejectionOf(refused, ContainerError);
      expect(error.code).toBe('NOT_OWNED');
      expect(error.message).toMatch(/belongs to whoever started it\. Its owner ends it/);
    }
    await expect(box.$`true`).toSucceed();
  });

  it('may stop or remove it: commands then say so', async () => {
    const started = await startByTestcontainers();
    await using box = await attach(started, { baseline: 'image' });
    await box.$`true`;

    await started.stop({ remove: false });
    const stopped = await rejectionOf(box.run('true'), ContainerError);
    await box.docker.remove({ force: true });
    const removed = await rejectionOf(box.run('true'), ContainerError);

    expect(stopped.code).toBe('CONTAINER_NOT_RUNNING');
    expect(removed.code).toBe('CONTAINER_REMOVED');
    expect(removed.message).toContain('is gone: it was removed through the engine');
  });

  it('may restart it, or let the test do so: ports are read anew', async () => {
    await using started = await startByTestcontainers(serving);
    await using box = await attach(started, { baseline: 'image' });

    await box.restart();

    expect(box.port(8080)).toBe(started.getMappedPort(8080));
    await expect(box.$`true`).toSucceed();
  });
});

describe('A test that has detached', () => {
  it('must attach again to go on', async () => {
    await using started = await startByTestcontainers();
    const box = await attach(started, { baseline: 'image' });
    await box.detach();
    await box.detach();

    const error = await rejectionOf(box.run('true'), ContainerError);

    expect(error.code).toBe('DETACHED');
    expect(error.message).toContain('call attach() again');
  });
});

describe('attach()', () => {
  const own = useContainer({ network: 'none' });

  it('works for a container of belljar by its id: its owner still removes it', async () => {
    const box = await startContainer();
    await using attached = await attach(box.id);
    await expect(attached.$`true`).toSucceed();
    await box.remove();

    expect(await containerExists(box.id)).toBe(false);
  });

  it('refuses a container that the engine does not have', async () => {
    const error = await rejectionOf(attach('no-such-container'), ContainerError);

    expect(error.code).toBe('CONTAINER_NOT_FOUND');
    expect(error.message).toMatch(/^The engine at \S+ has no container no-such-container\./);
  });

  it.each<[string, unknown, RegExp]>([
    ['a path', '../other', /must be a started container of testcontainers, or a container's id or name/],
    ['nothing', undefined, /must be a started container/],
    ['a container that has not started', new GenericContainer('x'), /must be a started container/],
  ])('refuses %s', async (_, given, message) => {
    const error = await rejectionOf(attach(given as string), InvalidOptionError);

    expect(error.message).toMatch(message);
  });

  it('refuses a box', async () => {
    const error = await rejectionOf(attach(own as never), InvalidOptionError);

    expect(error.message).toBe('The container is a box already: use it as it is.');
  });
});
