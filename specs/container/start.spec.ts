import {
  ContainerError,
  engine,
  InvalidOptionError,
  startContainer,
  withContainer,
  type StartOptions,
} from '../../src';
import { currentRun } from '../../src/ownership/run';
import { containerExists, containersLabelled } from '../../tooling/engine/engine-state';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A started container', () => {
  it('is removed at the end of the block that owns it', async () => {
    let id;
    {
      await using box = await startContainer();
      id = box.id;
      expect(await containerExists(id)).toBe(true);
    }

    expect(await containerExists(id)).toBe(false);
  });

  it('is removed at the end of the function it was started for, even if that throws', async () => {
    let id = '';
    const failing = withContainer((box) => {
      id = box.id;
      throw new Error('the test failed');
    });

    await expect(failing).rejects.toThrow('the test failed');
    expect(await containerExists(id)).toBe(false);
  });

  it('hands on what the function that used it returned', async () => {
    const release = await withContainer(async (box) => (await box.$`cat /etc/os-release`).stdout);

    expect(release).toContain('NAME=');
  });

  it('may be removed again, and by another program', async () => {
    const box = await startContainer();
    await box.docker.remove({ force: true });

    await expect(Promise.all([box.remove(), box.remove()])).resolves.toBeDefined();
  });

  it('takes its anonymous volumes with it', async () => {
    const box = await startContainer({
      customize: (container) =>
        container.withLabels({ 'belljar.spec': 'volumes' }).withTmpFs({ '/scratch': '' }),
    });
    const { Mounts } = await box.docker.inspect();
    await box.remove();

    expect(Mounts.filter(({ Type }) => Type === 'volume')).toEqual([]);
    expect(await containersLabelled('belljar.spec=volumes')).toEqual([]);
  });

  it('is idle, and stays up when its processes are killed', async () => {
    await using box = await startContainer();

    await box.sh`kill -9 -1`.catch(() => undefined);

    await expect(box.$`true`).toSucceed();
  });

  it('reaps the orphans that its commands leave', async () => {
    await using box = await startContainer();

    await box.sh`(true & true &) ; (sleep 0.1 &)`;
    const zombies = await box.sh`sleep 0.5; grep -l '^State:.Z' /proc/[0-9]*/status; :`;

    expect(zombies.stdout).toBe('');
  });

  it('carries the labels of the run that owns it', async () => {
    await using box = await startContainer({ labels: { 'my.label': 'kept' } });
    const run = currentRun();

    expect((await box.docker.inspect()).Config.Labels).toMatchObject({
      belljar: '1',
      'belljar.run': run.id,
      'belljar.pid': String(run.pid),
      'belljar.pid-start': run.pidStart,
      'belljar.pid-namespace': run.pidNamespace,
      'belljar.boot': run.bootId,
      'belljar.machine': run.machine,
      'my.label': 'kept',
    });
  });

  it('knows its id, host name, address and image', async () => {
    await using box = await startContainer();

    expect(box.id).toMatch(/^[0-9a-f]{64}$/);
    expect(box.hostname).toBe(box.id.slice(0, 12));
    expect(box.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect((await box.docker.inspect()).Image).toBe(box.image.id);
    expect(box.testcontainer.getId()).toBe(box.id);
  });
});

describe('The options of a container', () => {
  it('set its environment, user, working directory and host name', async () => {
    await using box = await startContainer({
      env: { GREETING: 'hello' },
      user: 'nobody',
      workdir: '/var',
      hostname: 'the-box',
    });

    const { stdout } = await box.sh`echo "$GREETING $(id -un) $(pwd) $(hostname)"`;

    expect(stdout).toBe('hello nobody /var the-box');
  });

  it('put files in before it starts', async () => {
    await using box = await startContainer({
      files: [
        { target: '/opt/greeting', content: 'hello\n', mode: 0o640 },
        { target: '/opt/package.json', source: 'package.json' },
      ],
    });

    await expect(box.$`cat /opt/greeting`).toPrint('hello');
    await expect(box.$`stat -c %a /opt/greeting`).toPrint(/^640$/);
    await expect(box.$`cat /opt/package.json`).toPrint('"name": "belljar"');
  });

  it('limit its memory, processors and processes', async () => {
    await using box = await startContainer({ memory: 64 * 1024 * 1024, cpus: 0.5, pids: 50 });

    const { HostConfig } = await box.docker.inspect();

    expect(HostConfig).toMatchObject({ Memory: 67_108_864, NanoCpus: 500_000_000, PidsLimit: 50 });
  });

  it('keep what runs away from the machine even if a spec sets no limit, unless it says Infinity', async () => {
    const { memoryBytes } = await engine.info();
    await using bounded = await startContainer({ network: 'none' });
    await using unbounded = await startContainer({ network: 'none', memory: Infinity, pids: Infinity });

    const [limits, none] = await Promise.all([bounded, unbounded].map((box) => box.docker.inspect()));

    expect(limits?.HostConfig).toMatchObject({ Memory: Math.floor(memoryBytes * 0.75), PidsLimit: 4096 });
    expect(none?.HostConfig).toMatchObject({ Memory: 0 });
    expect(none?.HostConfig.PidsLimit ?? 0).toBeLessThanOrEqual(0);
  });

  it('keep programs from getting more rights than their starter has, if that is asked for', async () => {
    const setUserId = 'cp /usr/bin/id /id && chmod u+s /id && exec setpriv --reuid=1 --clear-groups /id -u';
    await using usual = await startContainer({ network: 'none' });
    await using strict = await startContainer({ network: 'none', noNewPrivileges: true });

    await expect(usual.run('sh', ['-c', setUserId])).toPrint('0');
    await expect(strict.run('sh', ['-c', setUserId])).toPrint('1');
  });

  it('leave it no network but loopback with "none"', async () => {
    await using box = await startContainer({ network: 'none' });

    expect(box.ip).toBe('');
    await expect(box.sh`ls /sys/class/net`).toPrint(/^lo$/);
  });

  it('publish ports on free ports of the host', async () => {
    await using box = await startContainer({ ports: [80, 443] });

    expect(box.port(80)).toBeGreaterThan(0);
    expect(box.port(443)).not.toBe(box.port(80));
    expect(() => box.port(22)).toThrow(/Publish it when the container starts: \{ ports: \[22\] \}/);
  });

  it("run the image's own command, or another, in place of the idle one", async () => {
    await using box = await startContainer({ command: ['sh', '-c', 'echo started; exec sleep 600'] });

    await expect(box.sh`tr '\0' ' ' </proc/1/cmdline`).toPrint('sleep 600');
    expect(await box.logs()).toBe('started\n');
  });

  it.each<[string, StartOptions, RegExp]>([
    [
      'an unknown option',
      { netwrok: 'none' } as never,
      /^netwrok is not an option\. Did you mean network\? The options are command, entrypoint, env, .*, image, pull\.$/,
    ],
    ['a relative working directory', { workdir: 'var' }, /workdir must be an absolute path/],
    ['too little memory', { memory: 1 }, /memory must be a number of bytes, 6 MB or more, or Infinity/],
    ['a port that is none', { ports: [70_000] }, /ports must be whole numbers from 1 to 65535/],
    ['a network name with spaces', { network: 'my net' }, /network must be letters/],
    ['no processors', { cpus: 0 }, /cpus must be a number of cores/],
    ['a variable without a name', { env: { '': 'x' } }, /env has a name that no variable can have/],
  ])('are refused before anything is made: %s', async (_, options, message) => {
    const error = await rejectionOf(startContainer(options), InvalidOptionError);

    expect(error.message).toMatch(message);
  });
});

describe('A container that can not start', () => {
  it('says why, and leaves nothing', async () => {
    const starting = startContainer({ command: ['/no/such/program'], labels: { 'belljar.spec': 'broken' } });

    const error = await rejectionOf(starting, ContainerError);

    expect(error.code).toBe('CONTAINER_NOT_STARTED');
    expect(error.message).toContain('/no/such/program');
    expect(await containersLabelled('belljar.spec=broken')).toEqual([]);
  });

  it('gives up at its startup timeout, and leaves nothing', async () => {
    const starting = startContainer({ startupTimeout: 1, labels: { 'belljar.spec': 'slow' } });

    const error = await rejectionOf(starting, ContainerError);

    expect(error.message).toContain('longer than the startup timeout of 1 ms');
    expect(await containersLabelled('belljar.spec=slow')).toEqual([]);
  });
});
