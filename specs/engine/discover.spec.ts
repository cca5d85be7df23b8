import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { discoverEngine } from '../../src/engine/connect/discover';
import { usualHosts } from '../../src/engine/connect/environment';
import { EngineError } from '../../src/engine/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { bareEnvironment, engineOf, fakeEngine } from '../../tooling/engine/fake-engine';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';

const modern = engineOf('23.0.6', '1.42');

describe('finding the engine', () => {
  describe('by a setting', () => {
    it('uses what DOCKER_HOST names, whatever listens on the usual socket', async () => {
      await using directory = await temporaryDirectory();
      await using named = await fakeEngine(modern, join(directory.path, 'named.sock'));
      await using usual = await fakeEngine(modern, join(directory.path, 'usual.sock'));

      const { endpoint } = await discoverEngine(
        bareEnvironment(directory.path, { env: { DOCKER_HOST: named.host }, usual: [usual.host] }),
      );

      expect(endpoint).toEqual({ host: named.host, source: 'DOCKER_HOST' });
      expect(usual.taken()).toBe(0);
    });

    it('reaches an engine on the network', async () => {
      await using directory = await temporaryDirectory();
      await using engine = await fakeEngine(modern, 'loopback');

      const { endpoint } = await discoverEngine(
        bareEnvironment(directory.path, { env: { DOCKER_HOST: engine.host } }),
      );

      expect(endpoint.host).toBe(engine.host);
    });

    it('never continues to the usual sockets when DOCKER_HOST names an engine that is dead', async () => {
      await using directory = await temporaryDirectory();
      await using usual = await fakeEngine(modern, join(directory.path, 'usual.sock'));
      const env = { DOCKER_HOST: `unix://${directory.path}/dead.sock` };

      const search = discoverEngine(bareEnvironment(directory.path, { env, usual: [usual.host] }));

      await expect(search).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE',
        message: expect.stringContaining("(DOCKER_HOST) can't be used: no such socket") as string,
      });
      expect(usual.taken()).toBe(0);
    });

    it('takes an empty DOCKER_HOST for none', async () => {
      await using directory = await temporaryDirectory();
      await using usual = await fakeEngine(modern, join(directory.path, 'usual.sock'));

      const { endpoint } = await discoverEngine(
        bareEnvironment(directory.path, { env: { DOCKER_HOST: '' }, usual: [usual.host] }),
      );

      expect(endpoint).toEqual({ host: usual.host, source: 'the usual socket' });
    });

    it('reads docker.host from ~/.testcontainers.properties', async () => {
      await using directory = await temporaryDirectory();
      await using engine = await fakeEngine(modern, join(directory.path, 'engine.sock'));
      const file = join(directory.path, '.testcontainers.properties');
      await writeFile(file, `# a comment\n\ndocker.host = ${engine.host}\n`);

      const { endpoint } = await discoverEngine(bareEnvironment(directory.path));

      expect(endpoint).toEqual({ host: engine.host, source: `docker.host in ${file}` });
    });

    it('prefers DOCKER_HOST to docker.host, and tc.host to both, as testcontainers does', async () => {
      await using directory = await temporaryDirectory();
      await using first = await fakeEngine(modern, 'loopback');
      await using second = await fakeEngine(modern, join(directory.path, 'second.sock'));
      await using third = await fakeEngine(modern, join(directory.path, 'third.sock'));
      const file = join(directory.path, '.testcontainers.properties');
      const environment = bareEnvironment(directory.path, { env: { DOCKER_HOST: second.host } });

      await writeFile(file, `docker.host=${third.host}\n`);
      const withoutForce = await discoverEngine(environment);
      // Testcontainers for Java writes this file with its colons escaped.
      await writeFile(file, `docker.host=${third.host}\ntc.host=${first.host.replaceAll(':', '\\:')}\n`);
      const withForce = await discoverEngine(environment);

      expect(withoutForce.endpoint.host).toBe(second.host);
      expect(withForce.endpoint).toEqual({ host: first.host, source: `tc.host in ${file}` });
    });
  });

  describe('by a docker context', () => {
    it('follows DOCKER_CONTEXT to the engine that the context names', async () => {
      await using directory = await temporaryDirectory();
      await using engine = await fakeEngine(modern, join(directory.path, 'engine.sock'));
      await writeContext(join(directory.path, '.docker'), 'colima', engine.host);

      const { endpoint } = await discoverEngine(
        bareEnvironment(directory.path, { env: { DOCKER_CONTEXT: 'colima' } }),
      );

      expect(endpoint).toEqual({ host: engine.host, source: 'the docker context "colima"' });
    });

    it('follows the context that "docker context use" chose, in DOCKER_CONFIG\'s directory', async () => {
      await using directory = await temporaryDirectory();
      await using engine = await fakeEngine(modern, join(directory.path, 'engine.sock'));
      const config = join(directory.path, 'client');
      await writeContext(config, 'lab', engine.host);
      await writeFile(join(config, 'config.json'), JSON.stringify({ currentContext: 'lab' }));

      const { endpoint } = await discoverEngine(
        bareEnvironment(join(directory.path, 'home'), { env: { DOCKER_CONFIG: config } }),
      );

      expect(endpoint.source).toBe('the docker context "lab"');
    });

    it('prefers DOCKER_HOST to a context, as the docker client does', async () => {
      await using directory = await temporaryDirectory();
      await using engine = await fakeEngine(modern, join(directory.path, 'engine.sock'));
      const env = { DOCKER_HOST: engine.host, DOCKER_CONTEXT: 'missing' };

      const { endpoint } = await discoverEngine(bareEnvironment(directory.path, { env }));

      expect(endpoint.source).toBe('DOCKER_HOST');
    });

    it('takes the context "default" for none', async () => {
      await using directory = await temporaryDirectory();
      await using usual = await fakeEngine(modern, join(directory.path, 'usual.sock'));

      const { endpoint } = await discoverEngine(
        bareEnvironment(directory.path, { env: { DOCKER_CONTEXT: 'default' }, usual: [usual.host] }),
      );

      expect(endpoint.source).toBe('the usual socket');
    });

    it('refuses a context that does not exist, and says who chose it', async () => {
      await using directory = await temporaryDirectory();

      const search = discoverEngine(bareEnvironment(directory.path, { env: { DOCKER_CONTEXT: 'missing' } }));

      await expect(search).rejects.toMatchObject({
        code: 'ENGINE_HOST_INVALID',
        message: expect.stringContaining('"missing" (chosen by DOCKER_CONTEXT) does not exist') as string,
      });
    });

    it.each([
      ['is not JSON', '{', "can't be read"],
      ['names no engine', '{"Endpoints":{}}', 'names no engine'],
      ['is not an object', 'null', 'names no engine'],
    ])('refuses a context whose file %s', async (_, content, problem) => {
      await using directory = await temporaryDirectory();
      await writeContextFile(join(directory.path, '.docker'), 'broken', content);

      const search = discoverEngine(bareEnvironment(directory.path, { env: { DOCKER_CONTEXT: 'broken' } }));

      await expect(search).rejects.toMatchObject({
        code: 'ENGINE_HOST_INVALID',
        message: expect.stringContaining(problem) as string,
      });
    });
  });

  describe('on the usual sockets', () => {
    it('takes the first that answers', async () => {
      await using directory = await temporaryDirectory();
      await using second = await fakeEngine(modern, join(directory.path, 'second.sock'));
      await using third = await fakeEngine(modern, join(directory.path, 'third.sock'));
      const usual = [`unix://${directory.path}/first.sock`, second.host, third.host];

      const { endpoint } = await discoverEngine(bareEnvironment(directory.path, { usual }));

      expect(endpoint).toEqual({ host: second.host, source: 'the usual socket' });
      expect(third.taken()).toBe(0);
    });

    it("looks where Docker's, Docker Desktop's and Podman's engines listen", () => {
      const hosts = usualHosts({ XDG_RUNTIME_DIR: '/run/user/1000' }, '/home/ada', {
        platform: 'linux',
        userId: 1000,
      });

      expect(hosts).toEqual([
        'unix:///var/run/docker.sock',
        'unix:///run/user/1000/docker.sock',
        'unix:///home/ada/.docker/run/docker.sock',
        'unix:///home/ada/.docker/desktop/docker.sock',
        'unix:///run/user/1000/podman/podman.sock',
        'unix:///run/podman/podman.sock',
      ]);
    });

    it('looks at the named pipe on Windows', () => {
      expect(usualHosts({}, 'C:\\Users\\ada', { platform: 'win32' })).toEqual([
        'npipe:////./pipe/docker_engine',
      ]);
    });

    it('refuses an engine that is too old, rather than to surprise with another one', async () => {
      await using directory = await temporaryDirectory();
      await using old = await fakeEngine(engineOf('19.03.15', '1.40'), join(directory.path, 'old.sock'));
      await using next = await fakeEngine(modern, join(directory.path, 'next.sock'));

      const search = discoverEngine(bareEnvironment(directory.path, { usual: [old.host, next.host] }));

      await expect(search).rejects.toMatchObject({
        code: 'ENGINE_TOO_OLD',
        message: expect.stringMatching(/19\.03\.15 \(API 1\.40\).*too old[^]*20\.10 or newer/) as string,
      });
    });
  });

  describe('when there is none', () => {
    it('lists every place that was looked at, and what was there', async () => {
      await using directory = await temporaryDirectory();
      const { path } = directory;
      await mkdir(join(path, 'made-by-a-mount.sock'));
      await writeFile(join(path, 'file.sock'), '');
      const usual = ['missing', 'made-by-a-mount', 'file'].map((name) => `unix://${path}/${name}.sock`);

      const error = await engineErrorOf(discoverEngine(bareEnvironment(path, { usual })));

      expect(error).toMatchObject({ code: 'ENGINE_NOT_FOUND' });
      const rows = error.message.split('\n').map((line) => line.trim().split(/ {2,}/));
      expect(rows).toEqual(
        expect.arrayContaining([
          ['DOCKER_HOST', 'not set'],
          [join(path, '.testcontainers.properties'), 'no such file'],
          ['docker context', `none is chosen: no ${path}/.docker/config.json`],
          [usual[0], 'no such socket'],
          [usual[1], 'this is a directory, not a socket'],
          [usual[2], 'this is not a socket'],
        ]),
      );
    });

    it('says how to start the engine that is installed', async () => {
      await using directory = await temporaryDirectory();
      const dockerd = join(directory.path, 'dockerd');
      await writeFile(dockerd, '', { mode: 0o755 });

      const error = await engineErrorOf(
        discoverEngine(bareEnvironment(directory.path, { env: { PATH: directory.path } })),
      );

      expect(error.message).toContain(`${dockerd} is installed: start it with`);
      expect(error.message).not.toContain('apt-get install');
    });

    it('says how to install one if there is none', async () => {
      await using directory = await temporaryDirectory();

      const error = await engineErrorOf(
        discoverEngine(bareEnvironment(directory.path, { env: { PATH: directory.path } })),
      );

      expect(error.message).toContain('sudo apt-get install docker.io');
    });
  });
});

function writeContext(config: string, name: string, host: string): Promise<void> {
  return writeContextFile(
    config,
    name,
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

/** Where "docker context create" puts it. */
async function writeContextFile(config: string, name: string, content: string): Promise<void> {
  const directory = join(config, 'contexts/meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'meta.json'), content);
}

function engineErrorOf(search: Promise<unknown>): Promise<EngineError> {
  return rejectionOf(search, EngineError);
}
