import { join } from 'node:path';
import type Docker from 'dockerode';
import { PrivateEngineError } from '../../src/engine/errors';
import { processesOf } from '../../src/engine/private/machine/processes';
import { identify } from '../../src/support/process-identity';
import { layoutOf } from '../../src/engine/private/layout';
import { startPrivateEngine } from '../../src/engine/private/private-engine';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import {
  clientOf,
  copyImage,
  endOf,
  engineRoom,
  startDriver,
  startIdle,
  tracesOf,
} from '../../tooling/engine/private-engines';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

describeAsRoot('a private engine that was killed while containers ran in it', () => {
  it('leaves much behind, which the next start removes before it starts all the same', async () => {
    await using room = engineRoom();
    await using driver = startDriver();
    const killed = await driver.start(room.options);
    const docker = clientOf(killed);
    const image = await fillWithContainers(docker);
    process.kill(killed.pid, 'SIGKILL');
    await endOf(driver.process, 'SIGKILL');
    const left = await tracesOf(room.layout);
    const processes = processesOf(room.layout);

    const next = await startPrivateEngine(room.options);
    const containers = await clientOf(next).listContainers({ all: true });
    const images = await clientOf(next).listImages();
    await next.stop();

    expect(processes.length).toBeGreaterThanOrEqual(5);
    expect(left.join('\n')).toMatch(/process .*bj-.*-A FORWARD .*\/sys\/fs\/cgroup.*\/run\/spec/s);
    expect(processes.filter((pid) => identify(pid) !== undefined)).toEqual([]);
    expect(containers).toEqual([]);
    expect(images.flatMap(({ RepoTags }) => RepoTags)).toEqual([image]);
    expect(await tracesOf(room.layout)).toEqual([]);
  }, 180_000);
});

/** One container with a port, one paused, one on a network of its own, all of them told to come back. */
async function fillWithContainers(docker: Docker): Promise<string> {
  const image = await copyImage(docker);
  const HostConfig = { RestartPolicy: { Name: 'always' } };
  await docker.createNetwork({ Name: 'of-its-own' });
  await startIdle(docker, {
    Image: image,
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { ...HostConfig, PublishAllPorts: true },
  });
  await startIdle(docker, { Image: image, HostConfig: { ...HostConfig, NetworkMode: 'of-its-own' } });
  const paused = await startIdle(docker, { Image: image, HostConfig });
  await paused.pause();
  return image;
}

describeAsRoot('a private engine that several processes start', () => {
  it('is one engine, and the last one out stops it', async () => {
    await using room = engineRoom();
    await using driver = startDriver();
    await using other = startDriver();

    const [first, second] = await Promise.all([driver.start(room.options), other.start(room.options)]);
    await driver.stop();
    const afterFirst: unknown = await clientOf(second).ping();
    await other.stop();

    expect(second.pid).toBe(first.pid);
    expect(String(afterFirst)).toBe('OK');
    expect(await tracesOf(room.layout)).toEqual([]);
  });

  it('refuses to be shared with other options than it was started with', async () => {
    await using room = engineRoom();
    await using engine = await startPrivateEngine(room.options);

    const error = await rejectionOf(
      startPrivateEngine({ ...room.options, flags: ['--debug'] }),
      PrivateEngineError,
    );

    expect(error.code).toBe('PRIVATE_ENGINE_IN_USE');
    expect(error.message).toMatch(/another name.*"flags":\["--debug"\].*"flags":\[\]/s);
    expect(String(await clientOf(engine).ping())).toBe('OK');
  });

  it('outlives Ctrl-C in the terminal of its owner, and starts afresh for the next one', async () => {
    await using room = engineRoom();
    await using driver = startDriver();
    const first = await driver.start(room.options);

    await endOf(driver.process, 'SIGINT');
    const answer: unknown = await clientOf(first).ping();
    await using second = await startPrivateEngine(room.options);

    expect(String(answer)).toBe('OK');
    expect(second.pid).not.toBe(first.pid);
    await poll(() => identify(first.pid) === undefined, { for: 'the first engine to be gone', timeout: 100 });
  });

  it('is removed by the start of any other, once no owner of it lives', async () => {
    await using room = engineRoom();
    await using driver = startDriver();
    const abandoned = await driver.start({ ...room.options, name: 'abandoned' });
    await endOf(driver.process, 'SIGKILL');

    await using other = await startPrivateEngine({
      ...room.options,
      dataRoot: join(room.path, 'other-data'),
    });

    expect(identify(abandoned.pid)).toBeUndefined();
    expect(await tracesOf(layoutOf({ ...room.options, name: 'abandoned' }))).toEqual([]);
    expect(identify(other.pid)).toBeDefined();
  });
});
