import { randomUUID } from 'node:crypto';
import {
  ContainerError,
  ImageReferenceError,
  InvalidOptionError,
  startContainers,
  useContainer,
  useContainers,
  useNetwork,
  type MemberOptions,
} from '../../src';
import { containerExists, containersLabelled, networksLabelled } from '../../tooling/engine/engine-state';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('useContainers()', () => {
  const { leader, worker: workers } = useContainers({ leader: {}, worker: { replicas: 2 } });
  const seen: string[] = [];

  it('starts several containers, which find each other by name', async () => {
    expect([leader, ...workers].map(({ hostname }) => hostname)).toEqual(['leader', 'worker-1', 'worker-2']);
    for (const worker of workers) {
      await expect(leader.$`getent hosts ${worker.hostname}`).toPrint(worker.ip);
      await expect(worker.$`getent hosts leader`).toPrint(leader.ip);
    }
  });

  it.each(['first', 'second'])('gives every test fresh ones: %s', async () => {
    for (const box of [leader, ...workers]) {
      expect(seen).not.toContain(box.id);
      await expect(box.$`ls /touched`).not.toSucceed();
      seen.push(box.id);
      await box.$`touch /touched`;
    }
  });
});

describe('useNetwork()', () => {
  const network = useNetwork({ scope: 'file' });
  const database = useContainer({ network, hostname: 'database', scope: 'file' });
  const { web } = useContainers({ web: {} }, { network, scope: 'file' });

  it('is a network for containers of whatever kind', async () => {
    await expect(web.$`getent hosts database`).toPrint(database.ip);
    await expect(database.$`getent hosts web`).toPrint(web.ip);
  });
});

describe('startContainers()', () => {
  it('removes them and their network with the block that it was called in', async () => {
    let ids: string[];
    let networks: string[];
    {
      await using boxes = await startContainers({ one: {}, two: { replicas: 1 } });
      ids = [boxes.one.id, ...boxes.two.map(({ id }) => id)];
      networks = Object.keys((await boxes.one.docker.inspect()).NetworkSettings.Networks);
      expect(await networksLabelled('belljar.network')).toEqual(expect.arrayContaining(networks));
    }

    expect(ids).toHaveLength(2);
    expect(await Promise.all(ids.map(containerExists))).toEqual([false, false]);
    expect(await networksLabelled('belljar.network')).not.toContain(networks[0]);
  });

  it.each<[string, MemberOptions, object]>([
    ['has no image', { image: 'Not A Reference' }, ImageReferenceError],
    ['has nothing to run', { command: ['/not/there'] }, ContainerError],
  ])('starts no container if one %s, and says which', async (_, broken, kind) => {
    const name = randomUUID();
    const labels = { 'belljar.spec': name };
    const members = { good: { labels, replicas: 2 }, broken: { labels, ...broken } };

    const starting = startContainers(members, { network: name });

    const error = await rejectionOf(starting, ContainerError);
    expect(error.code).toBe('CONTAINER_NOT_STARTED');
    expect(error.message).toMatch(
      /^broken could not be started, so belljar has removed the other containers: /,
    );
    expect(error.cause).toBeInstanceOf(kind);
    expect(await containersLabelled(`belljar.spec=${name}`)).toEqual([]);
    expect(await networksLabelled(`belljar.network=${name}`)).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a name that no host has',
      () => startContainers({ 'my box': {} }),
      /name of a container must have 1 to 59 letters/,
    ],
    [
      'half a replica',
      () => startContainers({ box: { replicas: 0.5 } }),
      /box: replicas must be a whole number/,
    ],
    ['no replica', () => startContainers({ box: { replicas: 0 } }), /box: replicas must be a whole number/],
    [
      'a network without names',
      () => startContainers({ box: {} }, { network: 'bridge' }),
      /network must be a network on which containers find each other/,
    ],
  ])('refuses %s', async (_, start, message) => {
    expect((await rejectionOf(start(), InvalidOptionError)).message).toMatch(message);
  });
});
