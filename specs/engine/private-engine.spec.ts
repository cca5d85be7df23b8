import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { PrivateEngineError } from '../../src/engine/errors';
import { identify } from '../../src/support/process-identity';
import { startPrivateEngine, type PrivateEngine } from '../../src/engine/private/private-engine';
import { InvalidOptionError } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import {
  clientOf,
  copyImage,
  engineRoom,
  httpGet,
  importTiny,
  runIn,
  startDriver,
  startIdle,
  startServer,
  tracesOf,
  DriverError,
} from '../../tooling/engine/private-engines';
import { describeAsRoot, itAsRoot } from '../../tooling/spec-helpers/modes';

describeAsRoot('a private engine', () => {
  const room = engineRoom();
  let engine: PrivateEngine;
  let docker: Docker;
  let image: string;

  beforeAll(async () => {
    engine = await startPrivateEngine(room.options);
    docker = clientOf(engine);
    image = await copyImage(docker);
  }, 180_000);

  afterAll(async () => {
    await engine.stop();
    await room[Symbol.asyncDispose]();
  });

  it('answers, and has nothing of the host engine in it', async () => {
    const containers = await docker.listContainers({ all: true });

    expect(await docker.version()).toHaveProperty('ApiVersion');
    expect(containers).toEqual([]);
  });

  it('keeps what it prints in its log', () => {
    expect(engine.log.map(({ message }) => message)).toContainEqual(`API listen on ${engine.socket}`);
    expect(engine.problems.every(({ level }) => level !== 'info')).toBe(true);
  });

  it('lets this machine, and only it, reach a published port', async () => {
    const server = await startServer(docker, 'from inside', {
      Image: image,
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '' }] } },
    });
    const { NetworkSettings } = await server.inspect();
    const published = NetworkSettings.Ports['80/tcp']?.[0];

    const body = await fetchText(Number(published?.HostPort));

    expect(body).toBe('from inside');
    expect(published?.HostIp).toBe('127.0.0.1');
  });

  it('lets containers of one network find each other by name, and those of another not even by address', async () => {
    const network = await docker.createNetwork({ Name: 'together' });
    const server = await startServer(docker, 'hello neighbor', {
      Image: image,
      name: 'server',
      HostConfig: { NetworkMode: 'together' },
    });
    const neighbor = await startIdle(docker, { Image: image, HostConfig: { NetworkMode: 'together' } });
    const stranger = await startIdle(docker, { Image: image });
    const address = (await server.inspect()).NetworkSettings.Networks.together?.IPAddress ?? '';

    const near = await runIn(neighbor, httpGet('server', 80));
    const far = await runIn(stranger, `timeout 2 bash -c "${httpGet(address, 80)}"`);

    expect(near.output).toContain('hello neighbor');
    expect(far.exitCode).toBe(124);
    await network.inspect();
  });

  it('lets containers out: one on a network of its own finds the distribution archive by name', async () => {
    await docker.createNetwork({ Name: 'outward' });
    const container = await startIdle(docker, { Image: image, HostConfig: { NetworkMode: 'outward' } });

    const update = await runIn(container, 'apt-get update --error-on=any');

    expect(update).toMatchObject({ exitCode: 0 });
  }, 180_000);

  it('runs beside another one, each with its own addresses, and one goes without the other', async () => {
    await using next = engineRoom();
    const other = await startPrivateEngine(next.options);
    await other.stop();

    expect(other.subnet).not.toBe(engine.subnet);
    expect(String(await docker.ping())).toBe('OK');
    expect(await tracesOf(next.layout)).toEqual([]);
    expect(await tracesOf(room.layout)).not.toEqual([]);
  });
});

itAsRoot('goes with everything of it but its images, which the next start finds again', async () => {
  await using room = engineRoom();
  const first = await startPrivateEngine(room.options);
  const image = await importTiny(clientOf(first));
  await clientOf(first).createContainer({ Image: image, Cmd: ['/nothing'] });
  await clientOf(first).createNetwork({ Name: 'left' });
  await clientOf(first).createVolume({ Name: 'left' });
  await first.stop();
  const traces = await tracesOf(room.layout);

  await using second = await startPrivateEngine(room.options);

  expect(traces).toEqual([]);
  expect(await clientOf(second).listContainers({ all: true })).toEqual([]);
  expect(await clientOf(second).listNetworks({ filters: { type: ['custom'] } })).toEqual([]);
  expect((await clientOf(second).listVolumes()).Volumes).toEqual([]);
  expect(await clientOf(second).getImage(image).inspect()).toHaveProperty('Id');
});

itAsRoot(
  'ends by itself when it is disposed of, with its images if that is asked for; a second stop does nothing',
  async () => {
    await using room = engineRoom();
    let engine: PrivateEngine;
    {
      await using scoped = await startPrivateEngine({ ...room.options, keepData: false });
      engine = scoped;
    }

    await engine.stop();

    expect(identify(engine.pid)).toBeUndefined();
    expect(existsSync(room.options.dataRoot)).toBe(false);
    expect(engine.log.length).toBeGreaterThan(0);
  },
);

describeAsRoot('a private engine that cannot be had', () => {
  it('says which programs are missing and how to get them', async () => {
    const error = await rejectionOf(startPrivateEngine({ dockerd: '/no/such/dockerd' }), PrivateEngineError);

    expect(error.code).toBe('PRIVATE_ENGINE_NEEDS_PROGRAMS');
    expect(error.message).toMatch(/needs \/no\/such\/dockerd, which belljar did not find.*docker\.io/s);
  });

  it('says that it needs root', async () => {
    await using driver = startDriver();
    await driver.become(65534);

    const error = await rejectionOf(driver.start({}), DriverError);

    expect(error.code).toBe('PRIVATE_ENGINE_NEEDS_ROOT');
    expect(error.message).toMatch(/Only root .* this is user 65534.*DOCKER_HOST/s);
  });

  it('shows the end of the log of a dockerd that gives up, and leaves nothing', async () => {
    await using room = engineRoom();
    const dockerd = join(room.path, 'dockerd');
    writeFileSync(dockerd, '#!/bin/sh\nexec dockerd --no-such-flag "$@"\n', { mode: 0o755 });

    const error = await rejectionOf(startPrivateEngine({ ...room.options, dockerd }), PrivateEngineError);

    expect(error.code).toBe('PRIVATE_ENGINE_START_FAILED');
    expect(error.message).toMatch(/dockerd ended with exit code \d+ before .* unknown flag: --no-such-flag/s);
    expect(await tracesOf(room.layout)).toEqual([]);
  });

  it('gives up on a dockerd that is not ready in time, and leaves nothing', async () => {
    await using room = engineRoom();
    const dockerd = join(room.path, 'dockerd');
    writeFileSync(dockerd, '#!/bin/sh\necho still thinking\nexec sleep 600\n', { mode: 0o755 });
    const start = startPrivateEngine({ ...room.options, dockerd, startTimeout: 2000 });

    const error = await rejectionOf(start, PrivateEngineError);

    expect(error.code).toBe('PRIVATE_ENGINE_START_TIMEOUT');
    expect(error.message).toMatch(/not ready within 2000 ms.*still thinking/s);
    expect(await tracesOf(room.layout)).toEqual([]);
  });

  it('refuses a subnet that the machine uses', async () => {
    await using room = engineRoom();
    await using next = engineRoom();
    await using first = await startPrivateEngine({ ...room.options, keepData: false });

    const second = startPrivateEngine({ ...next.options, subnet: first.subnet });

    expect((await rejectionOf(second, PrivateEngineError)).code).toBe('PRIVATE_ENGINE_SUBNET_IN_USE');
  });

  it('refuses a data root with data that are not its own', async () => {
    await using room = engineRoom();
    writeFileSync(join(room.path, 'diary.txt'), 'dear diary');

    const start = startPrivateEngine({ ...room.options, dataRoot: room.path });

    expect((await rejectionOf(start, InvalidOptionError)).message).toMatch(/^dataRoot holds something other/);
  });

  it.each([
    [{ name: '../up' }, /^name must be/],
    [{ name: 'a'.repeat(33) }, /^name must be/],
    [{ subnet: '10.0.0.0/24' }, /^subnet must be from \/8 to \/22/],
    [{ subnet: '10.0.0/16' }, /^subnet must be IPv4/],
    [{ startTimeout: 0 }, /^startTimeout must be/],
    [{ dataRoot: 'here' }, /^dataRoot must be an absolute path/],
    [{ runDirectory: `/run/${'long'.repeat(20)}` }, /^runDirectory must have at most/],
  ])('refuses %j', async (options, message) => {
    const error = await rejectionOf(startPrivateEngine({ ...options, use: false }), InvalidOptionError);

    expect(error.message).toMatch(message);
  });
});

async function fetchText(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`);
  return response.text();
}
