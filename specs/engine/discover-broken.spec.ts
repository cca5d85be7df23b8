import { chmod, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { discoverEngine } from '../../src/engine/connect/discover';
import { EngineError } from '../../src/engine/errors';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { answering, bareEnvironment, engineOf, fakeEngine, saying } from '../../tooling/engine/fake-engine';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';

const hanging = (socket: Socket): void => {
  socket.resume();
};

/** Starts an answer and never ends it. */
const trickling = (socket: Socket): void => {
  socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"ApiVersion":'));
};

describe('an engine that is named and broken', () => {
  it.each<[string, (socket: Socket) => void, string, string]>([
    ['answers garbage', saying('\u0000\u0001 nonsense\n'), 'ENGINE_NOT_AN_ENGINE', 'its answer is not HTTP'],
    ['is a web server', answering('404 Not Found', 'no such page'), 'ENGINE_NOT_AN_ENGINE', 'HTTP 404'],
    ['answers a web page', answering('200 OK', '<html>'), 'ENGINE_NOT_AN_ENGINE', 'something other than'],
    ['answers other JSON', answering('200 OK', '[1, 2]'), 'ENGINE_NOT_AN_ENGINE', 'something other than'],
    ['answers null', answering('200 OK', 'null'), 'ENGINE_NOT_AN_ENGINE', 'something other than'],
    ['answers an odd version', engineOf('23', 'new'), 'ENGINE_NOT_AN_ENGINE', 'something other than'],
    ['is too old', engineOf('18.09.1', '1.39'), 'ENGINE_TOO_OLD', '18.09.1 (API 1.39), which is too old'],
    ['closes at once', (socket) => socket.destroy(), 'ENGINE_UNREACHABLE', 'closes the connection'],
    ['is stopping', answering('503 Service Unavailable', 'stopping'), 'ENGINE_UNREACHABLE', 'HTTP 503'],
    [
      'asks for TLS',
      answering('400 Bad Request', 'Client sent an HTTP request to an HTTPS server.'),
      'ENGINE_UNREACHABLE',
      'it asks for TLS.\nSet DOCKER_CERT_PATH',
    ],
  ])('that %s has its own error', async (_, play, code, problem) => {
    await using directory = await temporaryDirectory();
    await using engine = await fakeEngine(play, join(directory.path, 'engine.sock'));

    const error = await engineErrorOf(
      discoverEngine(bareEnvironment(directory.path, { env: { DOCKER_HOST: engine.host } })),
    );

    expect(error).toMatchObject({ name: 'EngineError', code });
    expect(error.message).toContain(`${engine.host} (DOCKER_HOST)`);
    expect(error.message).toContain(problem);
  });

  it.each([
    ['never answers', hanging],
    ['never ends its answer', trickling],
  ])('that %s is given up after the time limit, and left in peace', async (_, play) => {
    await using directory = await temporaryDirectory();
    await using engine = await fakeEngine(play, join(directory.path, 'engine.sock'));
    const environment = bareEnvironment(directory.path, { env: { DOCKER_HOST: engine.host }, timeout: 200 });

    const error = await engineErrorOf(discoverEngine(environment));

    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    expect(error.message).toContain('did not answer within 200 ms');
    expect(engine.taken()).toBe(1);
    await poll(() => engine.open() === 0, { for: 'the connection to be closed', timeout: 2000 });
  });

  it('that was killed leaves a socket which refuses', async () => {
    await using directory = await temporaryDirectory();
    const { host, [Symbol.asyncDispose]: stop } = await fakeEngine(hanging, 'loopback');
    await stop();

    const error = await engineErrorOf(
      discoverEngine(bareEnvironment(directory.path, { env: { DOCKER_HOST: host } })),
    );

    expect(error).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    expect(error.message).toMatch(/connection refused[^]*Start the engine/);
  });

  it('that this user may not open says which group to join', async () => {
    await using directory = await temporaryDirectory();
    await using engine = await fakeEngine(engineOf('23.0.6', '1.42'), join(directory.path, 'engine.sock'));
    const environment = bareEnvironment(directory.path, { usual: [engine.host] });
    await chmod(directory.path, 0o755);
    await chmod(join(directory.path, 'engine.sock'), 0o600);
    await discoverEngine(environment).catch(() => undefined); // loads everything that only this user may read
    await chmod(join(directory.path, 'engine.sock'), 0);

    const error = await asOrdinaryUser(() => engineErrorOf(discoverEngine(environment)));

    expect(error).toMatchObject({ code: 'ENGINE_ACCESS_DENIED' });
    expect(error.message).toContain(
      `There is a container engine at ${engine.host}, but this user may not open its socket.`,
    );
    expect(error.message).toMatch(/engine\.sock +permission denied/);
    expect(error.message).toContain('{ "group": "docker" } in /etc/docker/daemon.json');
    expect(error.message).not.toContain('apt-get install');
  });
});

describe('a DOCKER_HOST that is not an address', () => {
  it.each([
    ['/var/run/docker.sock', 'a path needs its scheme: unix:///var/run/docker.sock'],
    ['unix://docker.sock', 'the path of a socket is absolute'],
    ['unix://', 'the path of a socket is absolute'],
    ['tcp://', 'not a valid address'],
    ['tcp://host:99999', 'not a valid address'],
    ['127.0.0.1:2375', 'an engine has an address such as'],
    ['fd://', 'an engine has an address such as'],
    ['docker', 'an engine has an address such as'],
    ['ssh://ada@lab', 'ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock ssh://ada@lab'],
    [`unix:///${'x'.repeat(120)}`, 'has at most 107 bytes'],
  ])('is refused: %s', async (host, problem) => {
    await using directory = await temporaryDirectory();

    const error = await engineErrorOf(
      discoverEngine(bareEnvironment(directory.path, { env: { DOCKER_HOST: host } })),
    );

    expect(error).toMatchObject({ code: 'ENGINE_HOST_INVALID' });
    expect(error.message).toContain(`DOCKER_HOST is ${JSON.stringify(host)}: `);
    expect(error.message).toContain(problem);
  });

  it('needs the certificates that DOCKER_CERT_PATH promises', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'ca.pem'), '');
    const env = {
      DOCKER_HOST: 'tcp://127.0.0.1:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: directory.path,
    };

    const error = await engineErrorOf(discoverEngine(bareEnvironment(directory.path, { env })));

    expect(error).toMatchObject({ code: 'ENGINE_HOST_INVALID' });
    expect(error.message).toContain('cert.pem');
  });
});

/** Root may open everything, so what an ordinary user meets is tried as one. */
async function asOrdinaryUser<Result>(act: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return act();
  const nobody = 65534;
  process.seteuid?.(nobody);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

function engineErrorOf(search: Promise<unknown>): Promise<EngineError> {
  return rejectionOf(search, EngineError);
}
