import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { connectEngine } from '../../src/engine/connect/connection';
import { checkIsolationFromHost } from '../../src/isolation/from-host';
import { engineSocket } from '../../tooling/engine/engine-socket';
import { createLoose, startLoose } from '../../tooling/containers/loose-container';
import { traces } from '../../tooling/containers/canary-traces';
import {
  itBesideEngine,
  itElsewhere,
  itOnDocker,
  onPodman,
  seesEngine,
} from '../../tooling/spec-helpers/modes';
import { checksThatAre, evidenceOf } from '../../tooling/spec-helpers/evidence';

describe('a container with nothing but defaults', () => {
  it('is isolated from the host, by every check', async () => {
    await using container = await startLoose();

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual([]);
    expect(checksThatAre('unknown', report)).toEqual([]);
    expect(report.isolated).toBe(true);
  });

  itElsewhere(
    'is isolated by the view from inside, and the evidence says what could not be seen',
    async () => {
      await using container = await startLoose();

      const report = await checkIsolationFromHost(container, { by: ['kernel'] });

      expect(evidenceOf(report, "the kernel's view")).toMatchObject({ status: 'noted' });
      expect(evidenceOf(report, "the kernel's view").found).toContain('not its processes, its mount table');
      expect(evidenceOf(report, 'pid namespace')).toMatchObject({
        status: 'sealed',
        expected: "not the kernel's initial one",
      });
      expect(report.isolated).toBe(true);
    },
  );

  it('is isolated whatever user it runs as', async () => {
    await using container = await startLoose({}, { User: 'nobody' });

    const report = await checkIsolationFromHost(container);

    expect(report).toMatchObject({ isolated: true });
  });

  it('is isolated without any network', async () => {
    await using container = await startLoose({ NetworkMode: 'none' });

    const report = await checkIsolationFromHost(container);

    expect(report).toMatchObject({ isolated: true });
  });

  it('is checked without a trace in it or on the host', async () => {
    await using container = await startLoose();

    await checkIsolationFromHost(container);

    expect(await traces(container)).toEqual({ changes: [], inside: '', files: [], processes: [] });
  });

  it('may have a volume of its own, without a name', async () => {
    await using container = await startLoose({}, { Volumes: { '/data': {} } });

    const report = await checkIsolationFromHost(container);

    expect(evidenceOf(report, 'volumes')).toMatchObject({ status: 'sealed', found: '1 of its own' });
    expect(report.isolated).toBe(true);
  });

  it('may publish a port, which is noted with who can reach it', async () => {
    await using container = await startLoose(
      { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1' }], '81/tcp': [{ HostIp: '0.0.0.0' }] } },
      { ExposedPorts: { '80/tcp': {}, '81/tcp': {} } },
    );

    const report = await checkIsolationFromHost(container);

    const ports = evidenceOf(report, 'published ports');
    expect(ports.status).toBe('noted');
    expect(ports.found).toMatch(/^80\/tcp at 127\.0\.0\.1:\d+$/m);
    expect(ports.found).toMatch(/^81\/tcp at 0\.0\.0\.0:\d+, open to every machine that reaches the host$/m);
    expect(report.isolated).toBe(true);
  });
});

describe("a mount of the host's", () => {
  it('is open, read-only or not', async () => {
    await using directory = await temporaryDirectory();
    await using container = await startLoose({ Binds: [`${directory.path}:/data:ro`] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['bind mounts']);
    expect(evidenceOf(report, 'bind mounts').found).toBe(`${directory.path} on /data, read-only`);
  });

  it('is shown by a file that was written inside and came up outside', async () => {
    await using directory = await temporaryDirectory();
    await using container = await startLoose({ Binds: [`${directory.path}:/data`] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['bind mounts', 'files written inside']);
    expect(evidenceOf(report, 'files written inside').found).toContain(`${directory.path}/belljar-canary-`);
    expect(await readdir(directory.path)).toEqual(['file']);
  });

  it('is shown by a file of the host that is visible inside', async () => {
    await using container = await startLoose({ Binds: [`${tmpdir()}:/data`] });

    const report = await checkIsolationFromHost(container);

    expect(evidenceOf(report, 'files of the host')).toMatchObject({
      status: 'open',
      found: expect.stringMatching(/^\/data\/belljar-canary-\w+ is visible in the container$/) as string,
    });
  });

  it('is shown by a directory that is the same on both sides', async () => {
    await using container = await startLoose({ Binds: ['/var/tmp:/var/tmp:ro'] });

    const report = await checkIsolationFromHost(container, { by: ['behavior'] });

    expect(checksThatAre('open', report)).toEqual(['directories of the host']);
    expect(evidenceOf(report, 'directories of the host').found).toBe(
      "/var/tmp in the container is the host's",
    );
  });

  it('passes if the test allows it, and is noted', async () => {
    await using directory = await temporaryDirectory();
    await using container = await startLoose({ Binds: [`${directory.path}:/data:ro`] });

    const report = await checkIsolationFromHost(container, { allow: ['bind mounts'] });

    expect(report.isolated).toBe(true);
    expect(evidenceOf(report, 'bind mounts')).toMatchObject({
      status: 'noted',
      found: `${directory.path} on /data, read-only (allowed by the test)`,
    });
  });
});

describe("the engine's socket", () => {
  itBesideEngine('is found if it is mounted itself', async () => {
    await using container = await startLoose({ Binds: [`${await engineSocket()}:/engine.sock`] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['engine socket', 'bind mounts']);
    expect(evidenceOf(report, 'engine socket').found).toContain(
      `${basename(await engineSocket())} at /engine.sock, by the mount of`,
    );
  });

  it('is found if only a directory above it is mounted', async () => {
    const above = dirname(await engineSocket());
    await using container = await startLoose({ Binds: [`${above}:/host-run:ro`] });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(evidenceOf(report, 'engine socket')).toMatchObject({ status: 'open' });
    expect(evidenceOf(report, 'engine socket').found).toContain(
      `at /host-run/${basename(await engineSocket())}, by the mount of ${above}`,
    );
  });

  itBesideEngine('is found behind a symbolic link', async () => {
    await using directory = await temporaryDirectory();
    await symlink(await engineSocket(), join(directory.path, 'innocent'));
    await using container = await startLoose({ Binds: [`${directory.path}/innocent:/x`] });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(evidenceOf(report, 'engine socket')).toMatchObject({ status: 'open' });
  });

  it('is not seen if there is none', async () => {
    await using container = await startLoose({ Binds: ['/usr/share:/run:ro'] });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(evidenceOf(report, 'engine socket')).toMatchObject({ status: 'sealed' });
  });
});

describe('a volume', () => {
  it('is open if it has a name, since it outlives the container', async () => {
    await using volume = await namedVolume();
    await using container = await startLoose({ Binds: [`${volume.name}:/data`] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['volumes']);
    expect(evidenceOf(report, 'volumes').found).toBe(
      `${volume.name} on /data: it has a name and outlives the container`,
    );
  });

  it('is open if another container has it, too', async () => {
    await using owner = await startLoose({}, { Volumes: { '/data': {} } });
    await using container = await startLoose({ VolumesFrom: [owner.id] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['volumes', 'volumes from']);
    expect(evidenceOf(report, 'volumes').found).toContain(`shared with container ${owner.name}`);
  });

  it('is open if it is a directory of the host by another name', async () => {
    await using directory = await temporaryDirectory();
    await using volume = await namedVolume({ type: 'none', o: 'bind', device: directory.path });
    await using container = await startLoose({ Binds: [`${volume.name}:/data`] });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(evidenceOf(report, 'volumes').found).toContain(`it is ${directory.path} of the host`);
  });
});

describe("a namespace of the host's", () => {
  /** With the modes pid and ipc, Docker switches SELinux's labels off by itself. */
  const labelsOff = onPodman ? [] : ['security labels'];

  it('network: the mode, the kernel, a port and a socket show it', async () => {
    await using container = await startLoose({ NetworkMode: 'host' });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual([
      'network mode',
      'network namespace',
      'ports of the host',
      'sockets of the host',
    ]);
  });

  it('pid: the mode, the kernel and a process show it', async () => {
    await using container = await startLoose({ PidMode: 'host' });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual([
      'pid mode',
      ...labelsOff,
      'pid namespace',
      'processes of the host',
    ]);
  });

  it('ipc: the mode, the kernel and shared memory show it', async () => {
    await using container = await startLoose({ IpcMode: 'host' });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual([
      // Podman does not tell this mode.
      ...(onPodman ? [] : ['ipc mode']),
      ...labelsOff,
      'ipc namespace',
      'files written inside',
      'files of the host',
      'directories of the host',
    ]);
    expect(await traces(container)).toMatchObject({ files: [], inside: '' });
  });

  it('uts: the mode and the kernel show it', async () => {
    await using container = await startLoose({ UTSMode: 'host' });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['uts mode', 'uts namespace']);
  });

  itOnDocker('user: asking for it is enough', async () => {
    await using container = await startLoose({ UsernsMode: 'host' });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['user namespace mode']);
  });

  it('is found through another container that has it', async () => {
    await using other = await startLoose({ PidMode: 'host' });
    await using container = await startLoose({ PidMode: `container:${other.id}` });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(evidenceOf(report, 'pid mode')).toMatchObject({
      status: 'open',
      found: `container ${other.name}, whose mode is host`,
    });
  });

  it('is not found if another container shares its own', async () => {
    await using other = await startLoose();
    await using container = await startLoose({ PidMode: `container:${other.id}` });

    const report = await checkIsolationFromHost(container);

    expect(evidenceOf(report, 'pid mode')).toMatchObject({
      status: 'noted',
      found: `shared with container ${other.name}`,
    });
    expect(report.isolated).toBe(true);
  });
});

describe('a power that the engine does not give every container', () => {
  it('privileged', async () => {
    // Created, not started: an engine that is itself confined can't start one.
    await using container = await createLoose({ Privileged: true });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(checksThatAre('open', report)).toContain('privileged');
    expect(evidenceOf(report, 'privileged').found).toContain('all capabilities, all devices');
  });

  it('an added capability, which process 1 holds', async () => {
    await using container = await startLoose({ CapAdd: ['SYS_ADMIN', 'CAP_NET_ADMIN'] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['added capabilities', 'held capabilities']);
    expect(evidenceOf(report, 'held capabilities').found.split('\n').sort()).toEqual([
      'NET_ADMIN',
      'SYS_ADMIN',
    ]);
  });

  it('not: a capability that every container has, or one fewer', async () => {
    await using container = await startLoose({ CapAdd: ['CHOWN'], CapDrop: ['NET_RAW'] });

    const report = await checkIsolationFromHost(container);

    expect(report).toMatchObject({ isolated: true });
  });

  itOnDocker('a device, and a rule that allows some', async () => {
    await using container = await startLoose({
      Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/extra', CgroupPermissions: 'r' }],
      DeviceCgroupRules: ['c 1:* r'],
    });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['devices']);
    expect(evidenceOf(report, 'devices').found).toBe('/dev/null at /dev/extra (r)\nrule c 1:* r');
  });

  it('system calls unfiltered, which the kernel confirms', async () => {
    await using container = await startLoose({ SecurityOpt: ['seccomp=unconfined'] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['seccomp profile', 'seccomp filter']);
  });

  itOnDocker('a filter of system calls that belljar cannot judge', async () => {
    await using container = await startLoose({ SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] });

    const report = await checkIsolationFromHost(container);

    expect(evidenceOf(report, 'seccomp profile')).toMatchObject({ status: 'open' });
    expect(evidenceOf(report, 'seccomp profile').found).toContain('SCMP_ACT_ALLOW');
  });

  itOnDocker("the kernel's settings in the open", async () => {
    await using container = await startLoose({ MaskedPaths: [], ReadonlyPaths: ['/proc/bus'] });

    const report = await checkIsolationFromHost(container);

    expect(checksThatAre('open', report)).toEqual(['masked paths', 'read-only paths']);
    expect(evidenceOf(report, 'masked paths').found).toContain('not hidden: /proc/kcore');
    expect(evidenceOf(report, 'read-only paths').found).toContain('not read-only: /proc/sys');
  });

  it('labels of AppArmor or SELinux switched off', async () => {
    await using container = await createLoose({ SecurityOpt: ['label=disable'] });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(checksThatAre('open', report)).toEqual(['security labels']);
  });
});

describe('what cannot be checked', () => {
  /** Docker tells this by its configuration, Podman only by a command in the container. */
  const untold = onPodman ? ['masked paths', 'read-only paths'] : [];

  it('a stopped container fails, and says why', async () => {
    await using container = await createLoose();

    const report = await checkIsolationFromHost(container);

    expect(report.isolated).toBe(false);
    expect(checksThatAre('unknown', report)).toEqual([...untold, "the kernel's view", 'behavior']);
    expect(evidenceOf(report, 'behavior').found).toBe(
      'the container is created; only a running container can be checked',
    );
  });

  it('a paused container fails, and says why', async () => {
    await using container = await startLoose();
    await container.docker.pause();

    const report = await checkIsolationFromHost(container);

    expect(report.isolated).toBe(false);
    expect(evidenceOf(report, "the kernel's view").found).toContain('the container is paused');
  });

  it('a container without a shell fails, and says why', async () => {
    await using container = await startLoose();
    await container.run('rm', ['/bin/sh']);

    const report = await checkIsolationFromHost(container);

    // As root beside the engine, the kernel is asked from this machine.
    const isAskedInside = !seesEngine || process.getuid?.() !== 0;
    expect(checksThatAre('unknown', report)).toEqual([
      ...untold,
      ...(isAskedInside ? ["the kernel's view"] : []),
      'behavior',
    ]);
    expect(evidenceOf(report, 'behavior').found).toContain('needs /bin/sh');
    expect(report.isolated).toBe(false);
  });

  it('a container without the programs that the checks need fails, and names them', async () => {
    await using container = await startLoose();
    await container.run('rm', ['/bin/cat', '/usr/bin/stat']);

    const report = await checkIsolationFromHost(container);

    expect(report.isolated).toBe(false);
    expect(evidenceOf(report, 'ports of the host').found).toBe(
      'the container has no cat, which this check needs',
    );
    expect(evidenceOf(report, 'directories of the host').found).toBe(
      'the container has no stat, which this check needs',
    );
  });

  it('a test may claim less than everything, by name', async () => {
    await using container = await startLoose();

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(report.isolated).toBe(true);
  });

  it('claiming nothing is refused', async () => {
    await using container = await createLoose();

    await expect(checkIsolationFromHost(container, { by: [] })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });

  it('a container that is gone is an error that names it', async () => {
    const container = await createLoose();
    await container[Symbol.asyncDispose]();

    await expect(checkIsolationFromHost(container)).rejects.toMatchObject({
      code: 'CONTAINER_GONE',
      message: `The engine no longer has the container ${container.name}.`,
    });
  });
});

async function temporaryDirectory(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'belljar-isolation-'));
  await writeFile(join(path, 'file'), 'of the host');
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function namedVolume(options?: Record<string, string>): Promise<AsyncDisposable & { name: string }> {
  const { docker } = await connectEngine();
  const name = `belljar-isolation-${process.pid}-${performance.now().toString().replace('.', '')}`;
  await docker.createVolume({ Name: name, Labels: { 'belljar.spec': 'isolation' }, DriverOpts: options });
  const remove = async (): Promise<void> => {
    await docker.getVolume(name).remove();
  };
  return { name, [Symbol.asyncDispose]: remove };
}
