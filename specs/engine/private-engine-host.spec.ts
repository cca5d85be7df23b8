import { spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { poll } from '../../src/support/poll';
import {
  clientOf,
  copyImage,
  engineRoom,
  httpGet,
  runIn,
  startDriver,
  startServer,
  tracesOf,
  uniqueName,
} from '../../tooling/engine/private-engines';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

/*
 * The trap: a daemon told to use no bridge deletes docker0, which belongs to the host's engine. Here a network
 * namespace is the machine, so that there is a host's engine in it wherever this runs, and so that no other engine can
 * suffer.
 */

describeAsRoot("a private engine on a machine that has an engine already, the host's", () => {
  it("comes and goes, and a container of the host's keeps its network", async () => {
    await using room = engineRoom();
    await using machine = await createMachine('docker0');
    await using host = await startHostEngine(machine, room.path);
    await using driver = startDriver(machine.enter);
    const image = await copyImage(host.docker);
    const outside = await driver.serve('from the machine');
    const container = await startServer(host.docker, 'from the container', {
      Image: image,
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '8080' }] } },
    });
    const look = async (): Promise<unknown> => ({
      outward: (await runIn(container, httpGet('172.17.0.1', outside))).output.split('\r\n').at(-1),
      inward: await machine.run('bash', ['-c', `${httpGet('127.0.0.1', 8080)} | tail -n 1`]),
      address: (await container.inspect()).NetworkSettings.Networks.bridge?.IPAddress,
    });
    const working = { outward: 'from the machine', inward: 'from the container', address: '172.17.0.2' };

    const before = { ...(await factsOf(machine)) };
    const workedBefore = await look();
    await driver.start(room.options);
    const during = await factsOf(machine);
    const workedDuring = await look();
    await driver.stop();
    const after = await factsOf(machine);

    expect(workedBefore).toEqual(working);
    expect(workedDuring).toEqual(working);
    expect(await look()).toEqual(working);
    expect(during.rules).toEqual(expect.arrayContaining(before.rules));
    expect(added(before.rules, during.rules)).not.toEqual([]);
    expect(added(before.rules, during.rules).filter((rule) => !rule.includes('BELLJAR-'))).toEqual([]);
    expect(added(before.links, during.links).join('\n')).toMatch(/^\d+: bj-\w{8} [^\n]*$/);
    expect(after).toEqual(before);
    expect(await tracesOf(room.layout)).toEqual([]);
  }, 180_000);
});

describeAsRoot('a private engine on a machine that passes nothing on between networks', () => {
  it('switches that on while it runs, for its own containers only, and back when it goes', async () => {
    await using room = engineRoom();
    await using machine = await createMachine('forward');
    await machine.run('sh', ['-c', 'echo 0 > /proc/sys/net/ipv4/ip_forward']);
    // Its tables are there from now on, as they are on every machine that has used them once.
    await machine.run('sh', ['-c', 'iptables -P FORWARD ACCEPT && iptables -t nat -P POSTROUTING ACCEPT']);
    await using driver = startDriver(machine.enter);
    const before = await factsOf(machine);

    await driver.start(room.options);
    const during = await factsOf(machine);
    await driver.stop();
    const after = await factsOf(machine);

    expect(before.settings).toContain('/proc/sys/net/ipv4/ip_forward:0');
    expect(during.settings).toContain('/proc/sys/net/ipv4/ip_forward:1');
    expect(during.rules.filter((rule) => rule.startsWith('-A FORWARD')).at(-1)).toMatch(
      /forwarding was off.* -j DROP$/,
    );
    expect(after).toEqual(before);
  });
});

/** A network of its own: nothing in it but a loopback device. */
interface Machine extends AsyncDisposable {
  /** The beginning of a command that runs in it. */
  enter: string[];
  /** Runs a command in it, and gives what it prints. */
  run(file: string, args: string[]): Promise<string>;
}

async function createMachine(about: string): Promise<Machine> {
  const name = uniqueName(about);
  const enter = ['nsenter', `--net=/run/netns/${name}`];
  const run = async (file: string, args: string[]): Promise<string> => {
    // Bash would take a socket for a login by ssh, and read the user's ~/.bashrc.
    const { stdout } = await execa('nsenter', [...enter.slice(1), file, ...args], { stdin: 'ignore' });
    return stdout;
  };
  await execa('ip', ['netns', 'add', name]);
  await run('ip', ['link', 'set', 'dev', 'lo', 'up']);
  return {
    enter,
    run,
    [Symbol.asyncDispose]: async () => {
      await execa('ip', ['netns', 'delete', name]);
    },
  };
}

/** A dockerd as any machine has it: its own rules, and docker0. */
async function startHostEngine(
  machine: Machine,
  directory: string,
): Promise<AsyncDisposable & { docker: Docker }> {
  const at = (name: string): string => join(directory, name);
  mkdirSync(at('host'));
  writeFileSync(at('host/daemon.json'), '{}');
  const log = openSync(at('host/dockerd.log'), 'a');
  const flags = [
    `--host=unix://${at('host/docker.sock')}`,
    `--config-file=${at('host/daemon.json')}`,
    `--data-root=${at('host/data')}`,
    `--exec-root=${at('host/exec')}`,
    `--pidfile=${at('host/docker.pid')}`,
    '--exec-opt=native.cgroupdriver=cgroupfs',
    '--shutdown-timeout=1',
  ];
  // A mount namespace of its own, so that it can't find the containerd of an engine that runs outside.
  const start = 'mkdir -p /run/containerd && mount -t tmpfs tmpfs /run/containerd && exec dockerd "$@"';
  const [enter = '', ...place] = machine.enter;
  const args = [...place, 'unshare', '--mount', 'sh', '-c', start, 'dockerd', ...flags];
  const daemon = spawn(enter, args, { stdio: ['ignore', log, log] });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  const docker = clientOf({ socket: at('host/docker.sock') });
  await poll(() => docker.ping().catch(() => undefined), {
    for: "the host's engine to answer",
    timeout: 30_000,
  });
  return {
    docker,
    [Symbol.asyncDispose]: async () => {
      const containers = await docker.listContainers({ all: true });
      await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}

/** All that an engine may change about the network of a machine. */
interface Facts {
  rules: string[];
  links: string[];
  routes: string[];
  settings: string[];
}

async function factsOf(machine: Machine): Promise<Facts> {
  const lines = async (script: string): Promise<string[]> =>
    (await machine.run('sh', ['-c', script])).split('\n');
  const rules = await lines('iptables-save');
  // IPv6 is not for docker0; the kernel gives devices addresses of it in its own time.
  return {
    // Without counters and the time. The order within a chain stays, because it matters.
    rules: rules.filter((line) => !line.startsWith('#')).map((line) => line.replace(/ \[\d+:\d+\]$/, '')),
    links: await lines('ip -4 -oneline address | sed "s/valid_lft.*//"'),
    routes: await lines('ip -4 route show table all | sort'),
    settings: await lines(
      'grep -rs . /proc/sys/net/ipv4 /proc/sys/net/bridge | grep -v -e tcp_fastopen_key -e /neigh/ | sort',
    ),
  };
}

function added(before: string[], after: string[]): string[] {
  return after.filter((line) => !before.includes(line));
}
