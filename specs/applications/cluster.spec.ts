import { useContainers, type Box } from '../../src';
import { poll } from '../../src/support/poll';
import { imageWith } from '../../tooling/images/image-with';

/** The first test on a machine may have to install Redis. */
jest.setTimeout(180_000);

const image = imageWith('redis-server');

/** Redis, quick to see that the other side is gone and to begin a copy: by itself it takes a minute, and five seconds. */
const server = [
  ['redis-server', '--protected-mode', 'no'],
  ['--repl-timeout', '3', '--repl-ping-replica-period', '1', '--repl-diskless-sync-delay', '0'],
].flat();

describe('A small cluster: a leader, and three workers that copy it', () => {
  const { leader, worker: workers } = useContainers({
    leader: { image, command: server },
    worker: { image, command: [...server, '--replicaof', 'leader', '6379'], replicas: 3 },
  });

  beforeEach(() => untilCopying(3));

  it('finds itself by name, and every write reaches all three', async () => {
    const copies = await write('color', 'green');

    expect(copies).toBe(3);
    for (const worker of workers) {
      await expect(worker.$`redis-cli info replication`).toPrint(/^master_host:leader\r?$/m);
      await expect(worker.$`redis-cli get color`).toPrint(/^green$/);
    }
  });

  it('shares out its work among them: every job is done once', async () => {
    const jobs = Array.from({ length: 12 }, (_, index) => `job-${index}`);
    const work = [
      'while job=$(redis-cli -h leader --raw blpop jobs 0 | tail -n 1); do',
      'redis-cli -h leader hset workers "$job" "$(hostname)"; redis-cli -h leader rpush done "$job";',
      'done',
    ];
    await Promise.all(workers.map((worker) => worker.spawn('sh', ['-c', work.join(' ')])));
    await poll(async () => (await leader.$`redis-cli info clients`).stdout.includes('blocked_clients:3'), {
      for: 'three workers to wait for jobs',
      timeout: 10_000,
    });

    await leader.$`redis-cli rpush jobs ${jobs}`;

    const areDone = async (): Promise<boolean> => (await leader.$`redis-cli llen done`).stdout === '12';
    await poll(areDone, { for: 'twelve jobs to be done', timeout: 20_000 });
    const done = await leader.$`redis-cli --raw lrange done 0 -1`;
    expect(done.stdout.split('\n').sort()).toEqual([...jobs].sort());
    const names = await leader.$`redis-cli --raw hvals workers`;
    expect([...new Set(names.stdout.split('\n'))].sort()).toEqual(['worker-1', 'worker-2', 'worker-3']);
  });

  it('survives one of them: the others go on, and the dead one catches up when it comes back', async () => {
    const [, victim = leader] = workers;

    await victim.kill();

    await untilCopying(2);
    expect(await write('after-death', 'yes')).toBe(2);
    await expect(victim.$`redis-cli ping`).rejects.toMatchObject({ code: 'CONTAINER_NOT_RUNNING' });

    await victim.restart();

    await untilCopying(3);
    await expect(victim.$`redis-cli get after-death`).toPrint(/^yes$/);
  });

  it('survives a cut in its network: writes go on, and the lost one catches up when it is back', async () => {
    const [lost = leader, ...rest] = workers;
    expect(await write('step', 'before')).toBe(3);

    await lost.disconnect();

    expect(await write('step', 'during')).toBe(2);
    for (const worker of rest) await expect(worker.$`redis-cli get step`).toPrint(/^during$/);
    await expect(lost.$`redis-cli get step`).toPrint(/^before$/);

    await lost.reconnect();

    await untilValue(lost, 'step', 'during');
    await untilCopying(3);
    expect(await write('step', 'after')).toBe(3);
  });

  /** Writes, and gives how many workers have said within a second that they have it: Redis tells who wrote only. */
  async function write(name: string, value: string): Promise<number> {
    const input = `set ${name} ${value}\nwait 3 1000\n`;
    const { stdout } = await leader.run('redis-cli', [], { input });
    return Number(stdout.split('\n').at(-1));
  }

  async function untilCopying(count: number): Promise<void> {
    const isCopying = async (): Promise<boolean> => {
      const { stdout } = await leader.run('redis-cli', ['info', 'replication'], { reject: false });
      return (stdout.match(/state=online/g) ?? []).length === count;
    };
    await poll(isCopying, { for: `${count} workers to copy the leader`, timeout: 20_000 });
  }

  async function untilValue(box: Box, name: string, value: string): Promise<void> {
    const hasValue = async (): Promise<boolean> => (await box.$`redis-cli get ${name}`).stdout === value;
    await poll(hasValue, { for: `${name} to be ${value} there`, timeout: 20_000 });
  }
});
