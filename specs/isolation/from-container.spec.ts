import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine } from '../../src/engine/connect/connection';
import { checkIsolationFrom } from '../../src/isolation/from-container';
import { engineSocket } from '../../tooling/engine/engine-socket';
import {
  createLoose,
  label,
  startLoose,
  type LooseContainer,
} from '../../tooling/containers/loose-container';
import { withEnvironment } from '../../tooling/machine/environment';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { checksThatAre, evidenceOf } from '../../tooling/spec-helpers/evidence';
import { traces } from '../../tooling/containers/canary-traces';

/** Cut off from the network, where the network is not what a spec is about. */
const alone = { NetworkMode: 'none' };
import { onPodman, itBesideEngine } from '../../tooling/spec-helpers/modes';

describe('two containers with nothing in common', () => {
  it('are isolated from each other, by every check', async () => {
    await using one = await startLoose(alone);
    await using other = await startLoose(alone);

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual([]);
    expect(checksThatAre('unknown', report)).toEqual([]);
    expect(report.isolated).toBe(true);
  });

  it('are checked without a trace', async () => {
    await using one = await startLoose(alone);
    await using other = await startLoose(alone);

    await checkIsolationFrom(one, other);

    const nothing = { changes: [], inside: '', files: [], processes: [] };
    expect(await traces(one)).toEqual(nothing);
    expect(await traces(other)).toEqual(nothing);
    expect(await canaryProcessesIn(one)).toBe('');
  });

  it('are isolated in two networks', async () => {
    await using first = await network();
    await using second = await network();
    await using one = await startLoose({ NetworkMode: first.name });
    await using other = await startLoose({ NetworkMode: second.name });

    const report = await checkIsolationFrom(one, other, { network: 'sealed' });

    expect(evidenceOf(report, 'connections')).toMatchObject({ status: 'sealed' });
    expect(report.isolated).toBe(true);
  });
});

describe('the network between two containers', () => {
  it("on Docker's default bridge is open, though no test asked for it, and the advice is printed", async () => {
    await using one = await startLoose();
    await using other = await startLoose();

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['networks in common', 'connections']);
    expect(evidenceOf(report, 'networks in common').found).toContain(
      onPodman ? "Podman's default network" : "Docker's default bridge",
    );
    expect(evidenceOf(report, 'connections').found).toContain(`${one.name} reaches ${other.name} at `);
    expect(evidenceOf(report, 'connections').found).toContain(`${other.name} reaches ${one.name} at `);
  });

  // Bash takes a socket as its standard input, which Node.js gives to children, for a login by ssh or rsh.
  it("is found open, whatever is in the user's ~/.bashrc", async () => {
    await using home = await temporaryDirectory();
    await writeFile(join(home.path, '.bashrc'), 'sleep 10\n');
    await using one = await startLoose();
    await using other = await startLoose();

    const report = await withEnvironment({ HOME: home.path, SHLVL: '0' }, () =>
      checkIsolationFrom(one, other),
    );

    expect(evidenceOf(report, 'connections')).toMatchObject({ status: 'open' });
  });

  it('on the default bridge passes if the test says that it is shared', async () => {
    await using one = await startLoose();
    await using other = await startLoose();

    const report = await checkIsolationFrom(one, other, { network: 'shared' });

    expect(report.isolated).toBe(true);
    expect(checksThatAre('noted', report)).toEqual(
      expect.arrayContaining(['networks in common', 'connections']) as string[],
    );
  });

  it('that both were put in is shared on purpose, unless the spec wants it sealed', async () => {
    await using shared = await network();
    await using one = await startLoose({ NetworkMode: shared.name });
    await using other = await startLoose({ NetworkMode: shared.name });

    const report = await checkIsolationFrom(one, other);
    const sealed = await checkIsolationFrom(one, other, { network: 'sealed' });

    expect(report.isolated).toBe(true);
    expect(evidenceOf(report, 'networks in common')).toMatchObject({
      status: 'noted',
      found: `network ${shared.name}`,
    });
    expect(checksThatAre('open', sealed)).toEqual(['networks in common', 'connections']);
  });

  it('that should keep its containers apart does not connect them, if the engine sees to it', async () => {
    await using apart = await network({ 'com.docker.network.bridge.enable_icc': 'false' });
    await using one = await startLoose({ NetworkMode: apart.name });
    await using other = await startLoose({ NetworkMode: apart.name });

    const report = await checkIsolationFrom(one, other, { network: 'sealed' });

    expect(evidenceOf(report, 'networks in common')).toMatchObject({ status: 'sealed' });
    // An engine without iptables, as belljar's own, does not: then the connection that was made says so.
    const { status } = evidenceOf(report, 'connections');
    expect(report.isolated).toBe(status === 'sealed');
  });

  it("is open if one container has the other's", async () => {
    await using one = await startLoose(alone);
    await using other = await startLoose({ NetworkMode: `container:${one.id}` });

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['namespace modes', 'namespaces', 'networks in common']);
    expect(evidenceOf(report, 'namespace modes').found).toBe(
      `NetworkMode: both have that of container ${one.name}`,
    );
  });

  it("is open if one container has the host's", async () => {
    await using one = await startLoose({ NetworkMode: 'host' });
    await using other = await startLoose();

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['networks in common', 'connections']);
    expect(evidenceOf(report, 'networks in common').found).toContain(`the host's network, in ${one.name}`);
  });
});

describe('what two containers share', () => {
  it('a volume is named, and a file of one shows up in the other', async () => {
    await using one = await startLoose(alone, { Volumes: { '/data': {} } });
    const { Mounts } = await one.docker.inspect();
    await using other = await startLoose({ ...alone, Binds: [`${Mounts[0]?.Name ?? ''}:/elsewhere`] });

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['volumes and mounts', 'files']);
    expect(evidenceOf(report, 'volumes and mounts').found).toContain(
      `on /data of ${one.name}, and volume ${Mounts[0]?.Name ?? ''} on /elsewhere of ${other.name}`,
    );
    expect(evidenceOf(report, 'files').found).toContain(
      `a file of ${one.name} is /elsewhere/belljar-canary-`,
    );
    expect(evidenceOf(report, 'files').found).toContain(`a file of ${other.name} is /data/belljar-canary-`);
  });

  it('all volumes of the other are named', async () => {
    await using one = await startLoose(alone, { Volumes: { '/data': {} } });
    await using other = await startLoose({ ...alone, VolumesFrom: [`${one.name}:ro`] });

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['volumes and mounts', 'volumes from', 'files']);
    expect(evidenceOf(report, 'volumes from').found).toBe(`${other.name} has all volumes of ${one.name}`);
  });

  it('a directory of the host is found, also if one has only a part of it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'belljar-isolation-'));
    await mkdir(join(directory, 'part'));
    try {
      await using one = await startLoose({ ...alone, Binds: [`${directory}:/whole:ro`] });
      await using other = await startLoose({ ...alone, Binds: [`${directory}/part:/part`] });

      const report = await checkIsolationFrom(one, other);

      expect(checksThatAre('open', report)).toEqual(['volumes and mounts', 'files']);
      expect(evidenceOf(report, 'files').found).toMatch(
        /^a file of \S+ is \/whole\/part\/belljar-canary-\w+ in \S+$/,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("processes: one container sees the other's", async () => {
    await using one = await startLoose(alone);
    await using other = await startLoose({ ...alone, PidMode: `container:${one.name}` });

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['namespace modes', 'namespaces', 'processes']);
    expect(evidenceOf(report, 'namespace modes').found).toBe(
      `PidMode: both have that of container ${one.name}`,
    );
    expect(evidenceOf(report, 'processes').found).toContain(
      `a process of ${other.name} is visible in ${one.name}`,
    );
  });

  it("shared memory: one container has the other's", async () => {
    await using one = await startLoose({ ...alone, IpcMode: 'shareable' });
    await using other = await startLoose({ ...alone, IpcMode: `container:${one.id}` });

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['namespace modes', 'namespaces', 'files']);
    expect(evidenceOf(report, 'files').found).toContain('/dev/shm/belljar-canary-');
  });

  it("the host's host name: both have it", async () => {
    await using one = await startLoose({ ...alone, UTSMode: 'host' });
    await using other = await startLoose({ ...alone, UTSMode: 'host' });

    const report = await checkIsolationFrom(one, other);

    expect(checksThatAre('open', report)).toEqual(['namespace modes', 'namespaces']);
    expect(evidenceOf(report, 'namespace modes').found).toBe("UTSMode: both have the host's");
  });

  itBesideEngine("power: a container with the engine's socket can do anything to the other", async () => {
    await using one = await startLoose({ ...alone, Binds: [`${await engineSocket()}:/engine.sock`] });
    await using other = await startLoose(alone);

    const report = await checkIsolationFrom(other, one);

    expect(checksThatAre('open', report)).toEqual(['power over the host']);
    expect(evidenceOf(report, 'power over the host').found).toContain(
      `${one.name} reaches the engine's socket`,
    );
  });
});

describe('what cannot be compared', () => {
  it('a stopped container fails, and is named', async () => {
    await using one = await startLoose(alone);
    await using other = await createLoose(alone);

    const report = await checkIsolationFrom(one, other);

    expect(report.isolated).toBe(false);
    expect(evidenceOf(report, 'behavior')).toMatchObject({
      status: 'unknown',
      found: `${other.name}: the container is created; only a running container can be checked`,
    });
  });

  it('a container with itself is refused', async () => {
    await using one = await createLoose();

    await expect(checkIsolationFrom(one, one)).rejects.toMatchObject({ code: 'SAME_CONTAINER' });
  });
});

async function canaryProcessesIn(container: LooseContainer): Promise<string> {
  const script = 'cat /proc/[0-9]*/cmdline | tr "\\0" " " | grep -o "belljar-[c]anary" || true';
  return (await container.run('/bin/sh', ['-c', script])).stdout;
}

async function network(options?: Record<string, string>): Promise<AsyncDisposable & { name: string }> {
  const { docker } = await connectEngine();
  const name = `belljar-isolation-${process.pid}-${performance.now().toString().replace('.', '')}`;
  const made = await docker.createNetwork({ Name: name, Labels: label, Options: options });
  const remove = async (): Promise<void> => {
    await made.remove();
  };
  return { name, [Symbol.asyncDispose]: remove };
}
