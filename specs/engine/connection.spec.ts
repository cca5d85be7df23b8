import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { getContainerRuntimeClient } from 'testcontainers';
import { connectEngine, forgetEngine, useEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';
import { bareEnvironment, engineOf, fakeEngine, type FakeEngine } from '../../tooling/engine/fake-engine';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { engineErrorThrownBy } from '../../tooling/spec-helpers/thrown';

describe('the connection to the engine', () => {
  const settings = { ...process.env };

  afterEach(() => {
    forgetEngine();
    for (const name of Object.keys(process.env)) {
      if (!(name in settings)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, settings);
  });

  it('reaches a real engine', async () => {
    const { docker, endpoint } = await connectEngine();

    const pong = (await docker.ping()) as Buffer;

    expect(pong.toString()).toBe('OK');
    expect(endpoint.host).toMatch(/^[a-z]+:\/\//);
  });

  it('is made once, however many ask at the same time', async () => {
    const [first, second] = await Promise.all([connectEngine(), connectEngine()]);
    const third = await connectEngine();

    expect(second.docker).toBe(first.docker);
    expect(third.docker).toBe(first.docker);
  });

  it('is tried again after a failure, so that an engine started meanwhile is found', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'engine.sock');
    process.env.DOCKER_HOST = `unix://${path}`;
    await expect(connectEngine()).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });

    await using engine = await fakeEngine(engineOf('23.0.6', '1.42'), path);
    const { endpoint } = await connectEngine();

    expect(endpoint.host).toBe(engine.host);
  });

  it('gives up on a silent engine after the time limit that was asked for', async () => {
    await using directory = await temporaryDirectory();
    await using engine = await fakeEngine((socket) => socket.resume(), join(directory.path, 'engine.sock'));
    process.env.DOCKER_HOST = engine.host;

    await expect(connectEngine({ timeout: 100 })).rejects.toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message: expect.stringContaining('within 100 ms') as string,
    });
  });

  it('goes to the engine that is to be used from now on, even if DOCKER_HOST has another on the network', async () => {
    await using directory = await temporaryDirectory();
    await using engine = await fakeEngine(engineOf('23.0.6', '1.42'), join(directory.path, 'engine.sock'));
    await using other = await fakeEngine(engineOf('24.0.7', '1.43'), 'loopback');
    process.env.DOCKER_HOST = other.host;
    await connectEngine();
    const takenBefore = other.taken();

    useEngine({ host: engine.host, source: 'a spec' });
    const { docker, endpoint } = await connectEngine();

    expect(endpoint).toEqual({ host: engine.host, source: 'a spec' });
    expect((await docker.version()).Version).toBe('23.0.6');
    expect(other.taken()).toBe(takenBefore);
  });

  it('is told to processes that are started, and forgotten with the engine', async () => {
    process.env.DOCKER_HOST = 'unix:///as/it/was.sock';
    const told = async (): Promise<string> => {
      const { stdout } = await execa(process.execPath, ['-p', 'process.env.DOCKER_HOST'], {
        env: { ...process.env },
      });
      return stdout;
    };

    useEngine({ host: 'unix:///run/first.sock', source: 'a spec' });
    useEngine({ host: 'unix:///run/second.sock', source: 'a spec' });
    const during = await told();
    forgetEngine();
    const after = await told();

    expect(during).toBe('unix:///run/second.sock');
    expect(after).toBe('unix:///as/it/was.sock');
  });

  it('tells testcontainers where the ports of an engine are, and has it find out again after that engine', () => {
    process.env.TESTCONTAINERS_HOST_OVERRIDE = 'as-it-was.example';

    useEngine({ host: 'unix:///run/first.sock', source: 'a spec', portsAt: '127.0.0.1' });
    const during = process.env.TESTCONTAINERS_HOST_OVERRIDE;
    forgetEngine();
    const after = process.env.TESTCONTAINERS_HOST_OVERRIDE;

    expect(during).toBe('127.0.0.1');
    expect(after).toBe('as-it-was.example');
  });

  it('refuses an engine that testcontainers is forbidden to use', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, '.testcontainers.properties'), 'tc.host=tcp://127.0.0.1:2375\n');
    const environment = bareEnvironment(directory.path);

    const error = engineErrorThrownBy(() =>
      useEngine({ host: 'unix:///run/private.sock', source: '' }, environment),
    );

    expect(error).toMatchObject({ code: 'ENGINE_SETTINGS_CONFLICT' });
    expect(error.message).toContain('makes testcontainers use tcp://127.0.0.1:2375. Remove that line.');
  });

  it("takes testcontainers along to a docker context's engine, of which testcontainers knows nothing", async () => {
    await using directory = await temporaryDirectory();
    await using doorway = await doorwayToEngine(join(directory.path, 'doorway.sock'));
    await chooseContext(directory.path, doorway.host);

    const { endpoint } = await connectEngine();
    const { info } = await getContainerRuntimeClient();

    expect(endpoint).toEqual({ host: doorway.host, source: 'the docker context "doorway"' });
    expect(process.env.DOCKER_HOST).toBe(doorway.host);
    expect(doorway.heard()).toContain('User-Agent: tc-node/');
    expect(info.containerRuntime.serverVersion).toMatch(/^\d+\.\d+/);
  });
});

/** A socket that leads to the real engine, and hears what is asked. */
async function doorwayToEngine(path: string): Promise<FakeEngine & { heard(): string }> {
  const { endpoint } = await connectEngine();
  forgetEngine();
  let heard = '';
  const lead = (visitor: Socket): void => {
    const engine = connect(socketPathOf(endpoint.host) ?? '');
    visitor.on('data', (bytes) => (heard += bytes.toString()));
    visitor.pipe(engine).pipe(visitor);
    visitor.on('close', () => engine.destroy());
    engine.on('error', () => visitor.destroy());
  };
  return { ...(await fakeEngine(lead, path)), heard: () => heard };
}

/** As "docker context create doorway" and "docker context use doorway" do. */
async function chooseContext(config: string, host: string): Promise<void> {
  const name = 'doorway';
  const meta = join(config, 'contexts/meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(meta, { recursive: true });
  await writeFile(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
  await writeFile(join(config, 'config.json'), JSON.stringify({ currentContext: name }));
  Reflect.deleteProperty(process.env, 'DOCKER_HOST');
  process.env.DOCKER_CONFIG = config;
}
