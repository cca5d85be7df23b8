import { connect } from 'node:net';
import { ContainerError, startContainer, startNetwork, type Box } from '../../src';
import { networksLabelled } from '../../tooling/engine/engine-state';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A network that containers share by name', () => {
  it('lets them find each other by host name, and is gone with the last of them', async () => {
    const leader = await startContainer({ network: 'cluster', hostname: 'leader' });
    const worker = await startContainer({ network: 'cluster', hostname: 'worker' });

    const { stdout } = await worker.$`getent hosts leader`;
    expect(stdout).toContain(leader.ip);

    await leader.remove();
    expect(await networksLabelled('belljar.network=cluster')).toHaveLength(1);
    await worker.remove();
    expect(await networksLabelled('belljar.network=cluster')).toEqual([]);
  });

  it('is another one under another name', async () => {
    await using one = await startContainer({ network: 'one', hostname: 'one' });
    await using two = await startContainer({ network: 'two', hostname: 'two' });

    expect(one.ip.split('.').slice(0, 3)).not.toEqual(two.ip.split('.').slice(0, 3));
    await expect(two.$`getent hosts one`).toExitWith(2);
  });
});

describe('A network of one’s own', () => {
  it('is for the containers that are started on it, and goes with the last that holds it', async () => {
    const network = await startNetwork();
    const label = `belljar.network=${network.name}`;
    await using box = await startContainer({ network, hostname: 'here' });

    await expect(box.$`getent hosts here`).toPrint(box.ip);
    await network.remove();
    expect(await networksLabelled(label)).toHaveLength(1);
    await box.remove();
    expect(await networksLabelled(label)).toEqual([]);
  });

  it('takes no more containers once it is removed', async () => {
    const network = await startNetwork();
    await network.remove();

    const error = await rejectionOf(startContainer({ network }), ContainerError);

    expect(error.code).toBe('NETWORK_REMOVED');
  });
});

describe('A container that is cut off its network', () => {
  let leader: Box;
  let worker: Box;

  beforeAll(async () => {
    await using network = await startNetwork();
    [leader, worker] = (await Promise.all(
      ['leader', 'worker'].map((hostname) => startContainer({ network, hostname })),
    )) as [Box, Box];
    await Promise.all([leader, worker].map(serve));
  });

  afterAll(() => Promise.all([leader, worker].map((box) => box.remove())));

  it('neither reaches the others nor is reached, while its programs run on', async () => {
    const { ip } = worker;
    await expect(greeting(leader, 'worker')).toPrint('hello from worker');

    await worker.disconnect();

    await expect(greeting(worker, 'leader')).not.toSucceed();
    await expect(greeting(leader, 'worker')).not.toSucceed();
    await expect(greeting(leader, ip)).not.toSucceed();
    await expect(greeting(worker, 'localhost')).toPrint('hello from worker');
    expect(worker.ip).toBe('');
    await worker.reconnect();
  });

  it('is found by the same name when it is back', async () => {
    await worker.disconnect();

    await worker.reconnect();

    await expect(leader.$`getent hosts worker`).toPrint(worker.ip);
    await expect(greeting(leader, 'worker')).toPrint('hello from worker');
    await expect(greeting(worker, 'leader')).toPrint('hello from leader');
  });

  it('can be neither cut off twice nor reconnected before', async () => {
    await expect(worker.reconnect()).rejects.toMatchObject({ code: 'NOT_DISCONNECTED' });
    await worker.disconnect();

    await expect(worker.disconnect()).rejects.toMatchObject({ code: 'NO_NETWORK' });
    await worker.reconnect();
  });

  it('must have had one', async () => {
    await using alone = await startContainer({ network: 'none' });

    await expect(alone.disconnect()).rejects.toMatchObject({
      code: 'NO_NETWORK',
      message: expect.stringContaining('is not on any network') as string,
    });
  });

  it('may be on Docker’s own bridge; the host reaches it again when it is back', async () => {
    await using box = await startContainer({ network: 'bridge', ports: [80] });
    await serve(box);
    await box.disconnect();
    await expect(box.sh`ls /sys/class/net`).toPrint(/^lo$/);

    await box.reconnect();

    await expect(box.$`hostname -I`).toPrint(box.ip);
    const heard = await hear(box.testcontainer.getHost(), box.port(80));
    expect(heard).toBe(`hello from ${box.hostname}\n`);
  });
});

/** Answers each connection to port 80 with a greeting. Needs no program but perl. */
async function serve(box: Box): Promise<void> {
  const script = [
    'use Socket; socket(S, PF_INET, SOCK_STREAM, 6); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);',
    'bind(S, sockaddr_in(80, INADDR_ANY)) or die; listen(S, 9);',
    'while (accept(C, S)) { syswrite C, "hello from $ARGV[0]\\n"; close C }',
  ];
  await box.spawn('perl', ['-e', script.join(' '), box.hostname]);
  await expect(box).toListenOn(80);
}

/** What a server says to the host. */
async function hear(host: string, port: number): Promise<string> {
  let all = '';
  for await (const chunk of connect(port, host)) all += String(chunk);
  return all;
}

/** What a server says to a box, or nothing after a second. */
function greeting(box: Box, host: string): ReturnType<Box['run']> {
  return box.run('timeout', ['1', 'bash', '-c', `cat < /dev/tcp/${host}/80`], { reject: false });
}
