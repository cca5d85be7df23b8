import { createServer } from 'node:http';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InvalidOptionError,
  openPool,
  startContainer,
  startContainers,
  startNetwork,
  type StartOptions,
} from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { statusOf } from '../../src/support/errors';
import { containersLabelled, networksLabelled } from '../../tooling/engine/engine-state';
import { typed } from '../../tooling/spec-helpers/run-cli';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('The file systems of a container', () => {
  it('may be in memory', async () => {
    await using box = await startContainer({
      network: 'none',
      tmpfs: { '/scratch': 'size=1m,mode=1777', '/run': '' },
    });

    await expect(box.sh`stat -f -c %T /scratch /run`).toPrint('tmpfs\ntmpfs');
    await expect(box.sh`head -c 2000000 /dev/zero >/scratch/file`).toPrintError('No space left on device');
    await expect(box).toBeUnchanged();
    await expect(box).toBeIsolatedFromHost();
  });

  it('may be read-only, but for those in memory and volumes', async () => {
    await using box = await startContainer({
      network: 'none',
      readOnly: true,
      tmpfs: { '/tmp': '' },
      volumes: ['/data'],
    });

    await expect(box.sh`echo x >/etc/x`).toPrintError('Read-only file system');
    await expect(box.sh`echo x >/tmp/x && echo x >/data/x && cat /tmp/x /data/x`).toPrint('x\nx');
    await box.sh`cat >/tmp/y`.catch(() => undefined);
    await expect(box).toBeUnchanged();
    await expect(box).toBeIsolatedFromHost();
  });

  it('may have volumes without a name, which go with the container', async () => {
    const box = await startContainer({ network: 'none', volumes: ['/data', '/more'] });
    await box.$`touch /data/file`;
    await expect(box).toBeUnchanged();
    await expect(box).toBeIsolatedFromHost();
    const { Mounts } = await box.docker.inspect();
    await box.remove();

    const names = Mounts.map(({ Name = '' }) => Name);
    expect(names).toHaveLength(2);
    expect(await Promise.all(names.map(volumeExists))).toEqual([false, false]);
  });

  it('may have a volume with a name, which containers share until the last is removed', async () => {
    const volumes = [{ name: 'shared', target: '/data' }];
    const writer = await startContainer({ network: 'none', volumes });
    const reader = await startContainer({
      network: 'none',
      volumes: [{ name: 'shared', target: '/in', mode: 'ro' }],
    });
    await writer.$`touch /data/file`;
    await expect(reader.$`ls /in`).toPrint('file');
    await expect(reader.$`touch /in/x`).toPrintError('Read-only file system');
    const [{ Name = '' } = {}] = (await writer.docker.inspect()).Mounts;

    await writer.remove();
    expect(await volumeExists(Name)).toBe(true);
    await reader.remove();
    expect(await volumeExists(Name)).toBe(false);
  });

  it("may have a volume of the user's, which belljar never removes", async () => {
    const { docker } = await connectEngine();
    const name = `belljar-spec-external-${process.pid}`;
    await docker.createVolume({ Name: name });
    try {
      const box = await startContainer({
        network: 'none',
        volumes: [{ name, target: '/data', external: true }],
      });
      await box.$`touch /data/file`;
      await box.remove();

      expect(await volumeExists(name)).toBe(true);
      await using next = await startContainer({ volumes: [{ name, target: '/data', external: true }] });
      await expect(next.$`ls /data`).toPrint('file');
    } finally {
      await docker.getVolume(name).remove();
    }
  });

  it('never become a new volume if the one that is asked for is missing', async () => {
    const missing = { name: 'no-such-volume', target: '/data', external: true };
    await expect(startContainer({ volumes: [missing] })).rejects.toMatchObject({
      code: 'VOLUME_NOT_FOUND',
      message: expect.stringContaining('docker volume create no-such-volume') as string,
    });
    expect(await volumeExists('no-such-volume')).toBe(false);
  });

  it('may be directories of the host', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'file'), 'of the host');
    await using box = await startContainer({
      network: 'none',
      binds: [{ source: directory.path, target: '/data' }],
    });

    await expect(box.$`cat /data/file`).toPrint('of the host');
    await box.$`touch /data/new`;
    expect((await readdir(directory.path)).sort()).toEqual(['file', 'new']);
    await expect(box).toBeUnchanged();
  });

  it('never make a directory on the host', async () => {
    await using directory = await temporaryDirectory();
    const source = join(directory.path, 'missing');

    await expect(startContainer({ binds: [{ source, target: '/data' }] })).rejects.toMatchObject({
      code: 'OPTION_REFUSED',
      message: expect.stringContaining(
        `because of the option binds: the engine's host has no ${source}.`,
      ) as string,
    });
    expect(await readdir(directory.path)).toEqual([]);
  });
});

describe('The rights of a container', () => {
  it('may have capabilities more and fewer', async () => {
    await using box = await startContainer({
      network: 'none',
      capDrop: ['ALL'],
      capAdd: ['CHOWN', 'CAP_KILL'],
    });

    await expect(box.$`grep CapEff /proc/self/status`).toPrint('0000000000000021');
    await expect(box).toBeIsolatedFromHost();
  });

  it('may have limits, a size of shared memory and kernel settings of their own', async () => {
    await using box = await startContainer({
      network: 'none',
      ulimits: { nofile: 100, stack: { soft: 1_048_576, hard: 2_097_152 }, core: 0 },
      shmSize: 1024 * 1024,
      sysctls: { 'net.core.somaxconn': 77 },
    });

    await expect(box.sh`ulimit -n; ulimit -Ss; ulimit -Hs; ulimit -c`).toPrint('100\n1024\n2048\n0');
    await expect(box.sh`df -k --output=size /dev/shm | tail -1`).toPrint('1024');
    await expect(box.$`cat /proc/sys/net/core/somaxconn`).toPrint('77');
    await expect(box).toBeIsolatedFromHost();
  });

  it('hold for commands by exec too', async () => {
    await using box = await startContainer({ network: 'none', ulimits: { nofile: 100 } });

    await expect(box.run('sh', ['-c', 'ulimit -n'], { via: 'exec' })).toPrint('100');
  });

  it('may have devices of the host', async () => {
    await using box = await startContainer({
      network: 'none',
      devices: ['/dev/fuse', { source: '/dev/null', target: '/opt/nothing', permissions: 'r' }],
    });

    await expect(box.$`stat -c %F /dev/fuse /opt/nothing`).toPrint(/^character special file\ncharacter/);
    await expect(box).toBeUnchanged();
  });

  it("may have the engine's init as process 1", async () => {
    await using box = await startContainer({ network: 'none', init: true });

    await expect(box.sh`tr '\\0' ' ' </proc/1/cmdline`).toPrint(/docker-init|catatonit|tini/);
    await expect(box).toBeUnchanged();
    await expect(box).toBeIsolatedFromHost();
  });
});

describe('The connections of a container', () => {
  it('may go to a port of the host that the test has chosen, and to ports of UDP', async () => {
    const host = await freePort();
    await using box = await startContainer({ ports: [80, '53/udp', { container: 8080, host }] });

    expect(box.port(8080)).toBe(host);
    expect(box.port('53/udp')).toBeGreaterThan(0);
    expect(() => box.port(53)).toThrow(/Port 53 of the container is not published\..*\{ ports: \[53\] \}/);
    expect(() => box.port('80/udp')).toThrow(/\{ ports: \['80\/udp'\] \}/);
  });

  it('say who has the port, if it is taken', async () => {
    const host = await freePort();
    await using box = await startContainer({ ports: [{ container: 80, host }] });
    const taken = startContainer({ ports: [{ container: 80, host }] });

    await expect(taken).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringMatching(
        new RegExp(
          `because of the option ports: port ${host} of the engine's host is taken\\. Choose another`,
        ),
      ) as string,
    });
    expect(box.port(80)).toBe(host);
  });

  it('find it under other names on its network', async () => {
    await using network = await startNetwork();
    await using box = await startContainer({ network, hostname: 'database', aliases: ['db', 'primary.db'] });
    await using other = await startContainer({ network });

    const { stdout } = await other.$`getent hosts database db primary.db`;
    expect(stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual([box.ip, box.ip, box.ip]);
  });

  it('find names that the test gives, by name servers that the test gives', async () => {
    await using box = await startContainer({ extraHosts: { database: '10.1.2.3' }, dns: ['10.9.9.9'] });

    await expect(box.$`getent hosts database`).toPrint('10.1.2.3');
    await expect(box.$`cat /etc/resolv.conf`).toPrint('nameserver 10.9.9.9');
    await expect(box).toBeIsolatedFromHost();
  });

  it("reach a program of the host through the address 'host-gateway'", async () => {
    const server = createServer((_, response) => response.end('of the host'));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '0.0.0.0', () => resolve((server.address() as { port: number }).port));
    });
    try {
      await using box = await startContainer({ extraHosts: { 'host.docker.internal': 'host-gateway' } });
      const script = `exec 3<>/dev/tcp/host.docker.internal/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;

      await expect(box.run('bash', ['-c', script])).toPrint('of the host');
      const { evidence, isolated } = await box.isolation();
      expect(isolated).toBe(true);
      expect(evidence.find(({ check }) => check === 'host entries')).toMatchObject({
        status: 'noted',
        found: expect.stringContaining('host.docker.internal:host-gateway, the host itself') as string,
      });
    } finally {
      server.close();
    }
  });
});

describe('An option of a container', () => {
  it.each<[string, object, RegExp]>([
    [
      'a relative path of tmpfs',
      { tmpfs: { scratch: '' } },
      /^tmpfs must be an absolute path in the container, other than \/; got 'scratch'/,
    ],
    [
      'tmpfs at the root',
      { tmpfs: { '/': '' } },
      /^tmpfs must be an absolute path in the container, other than \//,
    ],
    ['a list of tmpfs', { tmpfs: ['/run'] }, /^tmpfs must be an object of names and values/],
    [
      'mount options that are no text',
      { tmpfs: { '/x': 64 } },
      /^tmpfs: \/x must be mount options, such as 'size=64m'; got 64/,
    ],
    ['readOnly that is no flag', { readOnly: 'yes' }, /^readOnly must be true or false/],
    [
      "docker's form of a volume",
      { volumes: ['cache:/data'] },
      /^volumes must name a volume as \{ name: 'cache', target: '\/data' \}; got 'cache:\/data'/,
    ],
    ['a volume that is one', { volumes: { name: 'x', target: '/x' } }, /^volumes must be a list of paths/],
    [
      'a volume without a target',
      { volumes: [{ name: 'cache' }] },
      /^volumes: target must be an absolute path/,
    ],
    [
      'a mistyped key of a volume',
      { volumes: [{ nam: 'cache', target: '/x' }] },
      /^volumes: nam is not an option\. Did you mean name\?/,
    ],
    [
      'a relative source',
      { binds: [{ source: 'fixtures', target: '/x' }] },
      /^binds: source must be an absolute path of the engine's host; got 'fixtures'/,
    ],
    ["docker's form of a bind mount", { binds: ['/tmp:/x'] }, /^binds must be an object/],
    [
      'a mode that there is not',
      { binds: [{ source: '/x', target: '/x', mode: 'z' }] },
      /^binds: mode must be 'rw' or 'ro'/,
    ],
    [
      'one path twice',
      { tmpfs: { '/x': '' }, volumes: ['/x/'] },
      /^tmpfs, volumes and binds must each have a path of their own; got '\/x'/,
    ],
    [
      'a capability that there is not',
      { capAdd: ['SYS_ADMN'] },
      /^capAdd names a capability that there is not, SYS_ADMN\. Did you mean SYS_ADMIN/,
    ],
    ['a capability that is none', { capDrop: [1] }, /^capDrop must be a list of capabilities/],
    [
      'a limit that there is not',
      { ulimits: { nfile: 1 } },
      /^ulimits names a limit that there is not, nfile\. Did you mean nofile/,
    ],
    [
      'a soft limit above the hard one',
      { ulimits: { nofile: { soft: 2, hard: 1 } } },
      /^ulimits: nofile must have no soft limit above the hard one/,
    ],
    ['half a limit', { ulimits: { nofile: { soft: 2 } } }, /^ulimits: nofile must be a whole number/],
    [
      "docker's form of a size",
      { shmSize: '64m' },
      /^shmSize must be a number of bytes, 1 or more; got '64m'/,
    ],
    ['a relative device', { devices: ['fuse'] }, /^devices must be an absolute path of a device/],
    [
      'rights of a device that there are not',
      { devices: [{ source: '/dev/fuse', permissions: 'rx' }] },
      /^devices: permissions must be one or more of the letters r, w and m/,
    ],
    [
      'a kernel setting without a dot',
      { sysctls: { somaxconn: 1 } },
      /^sysctls must have names such as net\.core\.somaxconn/,
    ],
    [
      'a kernel setting that is no text',
      { sysctls: { 'net.x': true } },
      /^sysctls: net\.x must be a string or a number/,
    ],
    [
      'a host that is no address',
      { extraHosts: { db: 'localhost' } },
      /^extraHosts: db must be an IP address or 'host-gateway'; got 'localhost'/,
    ],
    [
      'a name server that is no address',
      { dns: ['ns.example.org'] },
      /^dns must be a list of IP addresses; got 'ns\.example\.org'/,
    ],
    [
      'a protocol that there is not',
      { ports: ['53/sctp'] },
      /^ports must be whole numbers from 1 to 65535, with a protocol as in '53\/udp'/,
    ],
    [
      'a binding without a port of the host',
      { ports: [{ container: 80 }] },
      /^ports: host must be a whole number from 1 to 65535/,
    ],
    [
      'ports without a network',
      { network: 'none', ports: [80] },
      /^ports can't be published with network: 'none'/,
    ],
    ['aliases on the default network', { aliases: ['db'] }, /^aliases needs a private network/],
    [
      'files of a read-only container',
      { readOnly: true, files: [{ target: '/x', content: '' }] },
      /^files can't be copied into a container with readOnly: true/,
    ],
  ])('is refused before anything is made: %s', async (_, options, message) => {
    const error = await rejectionOf(startContainer(options as StartOptions), InvalidOptionError);

    expect(error.message).toMatch(message);
  });

  it.each<[string, StartOptions, string]>([
    [
      'a device that the host lacks',
      { devices: ['/dev/no-such'] },
      "the option devices: the engine's host has no device /dev/no-such",
    ],
    [
      'a setting of the machine',
      { sysctls: { 'vm.swappiness': 1 } },
      'the option sysctls: vm.swappiness is a setting of the whole machine',
    ],
    [
      'a setting that there is not',
      { sysctls: { 'net.no_such': 1 } },
      'the option sysctls: the kernel has no setting net/no_such',
    ],
    [
      'a limit above that of the host',
      { ulimits: { nofile: 99_999_999_999 } },
      'the option ulimits: a limit is above what',
    ],
    [
      'a mount option that there is not',
      { tmpfs: { '/x': 'foo=1' } },
      'the option tmpfs: there is no mount option',
    ],
    ['more processors than there are', { cpus: 9999 }, "the option cpus: the engine's host has only"],
    [
      'a file on a directory',
      { binds: [{ source: '/etc/hostname', target: '/etc' }] },
      'the option binds: /etc/hostname is a file and its target is a directory',
    ],
    [
      'a user that there is not',
      { user: 'nobody-here' },
      'the option user: the image has no user or group nobody-here',
    ],
    [
      'a working directory that is a file',
      { workdir: '/etc/passwd' },
      'the option workdir: /etc/passwd is not a directory',
    ],
    [
      'a runtime that there is not',
      { customize: (container) => Object.assign(container, { hostConfig: { Runtime: 'no-such' } }) },
      'the option customize: the engine has no runtime no-such',
    ],
  ])('is named if the engine refuses it: %s', async (_, options, because) => {
    await expect(startContainer(options)).rejects.toMatchObject({
      code: 'OPTION_REFUSED',
      message: expect.stringContaining(`, because of ${because}`) as string,
    });
  });

  it('is named if the engine refuses it: a name that is taken', async () => {
    const name = `belljar-spec-name-${process.pid}`;
    await using box = await startContainer({
      network: 'none',
      customize: (container) => container.withName(name),
    });

    await expect(
      startContainer({ customize: (container) => container.withName(name) }),
    ).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining(
        `another container has the name ${name}. Leave the name out`,
      ) as string,
    });
    expect(box.name).toBe(name);
  });

  it('is named if belljar refuses it: a file that this machine lacks, and nothing is left', async () => {
    const files = [{ target: '/x', source: '/no/such/file' }];

    await expect(startContainer({ files, labels: { 'belljar.spec': 'no-such-file' } })).rejects.toMatchObject(
      {
        code: 'OPTION_REFUSED',
        message: expect.stringContaining(
          'because of the option files: this machine has no file /no/such/file',
        ) as string,
      },
    );
    expect(await containersLabelled('belljar.spec=no-such-file')).toEqual([]);
  });

  it('leaves no network and no volume, if customize throws', async () => {
    const volumes = [{ name: 'thrown', target: '/data' }];
    const customize = (): never => {
      throw new Error('thrown by customize');
    };

    await expect(startContainer({ network: 'thrown', volumes, customize })).rejects.toThrow(
      'thrown by customize',
    );
    expect(await networksLabelled('belljar.network=thrown')).toEqual([]);
    const { docker } = await connectEngine();
    const left = await docker.listVolumes({ filters: { label: ['belljar.volume=thrown'] } });
    expect(left.Volumes).toEqual([]);
  });

  it('is listed by belljar ps, if it opens the container', async () => {
    await using box = await startContainer({
      network: 'none',
      capAdd: ['SYS_PTRACE'],
      binds: [{ source: '/var/tmp', target: '/data' }],
    });

    const { printed } = await typed('ps');

    expect(printed).toMatch(new RegExp(`^container .* capAdd, binds +${box.name}$`, 'm'));
  });

  it('is as good beside a pool: no container that waits takes a port or a volume with a name', async () => {
    const host = await freePort();
    const options = { ports: [{ container: 80, host }], volumes: [{ name: 'one-only', target: '/data' }] };
    await using pool = openPool();

    for (let count = 0; count < 4; count += 1) {
      await using box = await startContainer(options);
      await expect(box.sh`ls /data; touch /data/file`).toPrint(/^$/);
    }
    expect(pool).toBeDefined();
  });

  it('is as good for one of several containers', async () => {
    await using boxes = await startContainers({
      database: { tmpfs: { '/data': '' }, aliases: ['db'] },
      client: {},
    });

    await expect(boxes.client.$`getent hosts db`).toPrint(boxes.database.ip);
    await expect(boxes.database.$`stat -f -c %T /data`).toPrint('tmpfs');
  });
});

async function volumeExists(name: string): Promise<boolean> {
  const { docker } = await connectEngine();
  try {
    await docker.getVolume(name).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'belljar-options-'));
  await mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A port that no program of this machine has at the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '0.0.0.0', () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}
