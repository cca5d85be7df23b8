import { startContainer, startNetwork, type StartOptions } from '../../src';
import { checkIsolationFromHost } from '../../src/isolation/from-host';
import { createLoose } from '../../tooling/containers/loose-container';
import { checksThatAre, evidenceOf } from '../../tooling/spec-helpers/evidence';
import { failureOf } from '../../tooling/spec-helpers/failure-of';
import { onPodman } from '../../tooling/spec-helpers/modes';

describe('toBeIsolatedFromHost() of a container that an option opens', () => {
  it.each<[string, StartOptions, string[], string, string]>([
    [
      'binds, writable',
      { binds: [{ source: '/var/tmp', target: '/data' }] },
      ['bind mounts', 'files written inside'],
      '/var/tmp on /data, writable',
      'the engine: Mounts, which the option binds sets',
    ],
    [
      'binds, read-only',
      { binds: [{ source: '/etc', target: '/host-etc', mode: 'ro' }] },
      ['bind mounts'],
      '/etc on /host-etc, read-only',
      'the option binds',
    ],
    [
      'binds of the engine itself',
      { binds: [{ source: '/run', target: '/host-run', mode: 'ro' }] },
      ['engine socket', 'bind mounts'],
      'docker.sock at /host-run/',
      'the option binds',
    ],
    [
      'volumes with a name',
      { volumes: [{ name: 'cache', target: '/cache' }] },
      ['volumes'],
      'cache on /cache: it has a name',
      'which the option volumes sets',
    ],
    [
      'capAdd',
      { capAdd: ['SYS_ADMIN', 'CAP_SYS_PTRACE'] },
      ['added capabilities', 'held capabilities'],
      'SYS_ADMIN\n             SYS_PTRACE',
      'HostConfig.CapAdd, which the option capAdd sets',
    ],
    [
      'devices',
      { devices: [{ source: '/dev/null', target: '/dev/extra' }] },
      ['devices'],
      `/dev/null at /dev/extra${onPodman ? '' : ' (rwm)'}`,
      'HostConfig.Devices, which the option devices sets',
    ],
  ])('fails, and names the option: %s', async (_, options, open, found, how) => {
    await using box = await startContainer({ network: 'none', ...options });

    const report = await box.isolation();
    const failure = await failureOf(expect(box).toBeIsolatedFromHost());

    expect(checksThatAre('unknown', report)).toEqual([]);
    expect(checksThatAre('open', report)).toEqual(open);
    expect(failure).toContain(found);
    expect(failure).toContain(how);
  });

  it('fails, and names the option: privileged', async () => {
    // Created, not started: an engine that is itself confined can't start a privileged container.
    await using container = await createLoose({ Privileged: true });

    const report = await checkIsolationFromHost(container, { by: ['posture'] });

    expect(evidenceOf(report, 'privileged')).toMatchObject({
      status: 'open',
      how: 'the engine: HostConfig.Privileged, which the option privileged sets',
    });
  });

  it('passes for a break that the test allows by its name', async () => {
    await using box = await startContainer({
      network: 'none',
      binds: [{ source: '/etc', target: '/host-etc', mode: 'ro' }],
    });

    await expect(box).toBeIsolatedFromHost({ allow: ['bind mounts'] });
  });

  it.each<[string, StartOptions, string, string]>([
    ['extraHosts', { extraHosts: { db: '10.1.2.3' } }, 'host entries', 'db:10.1.2.3'],
    ['dns', { dns: ['10.9.9.9'] }, 'name servers', '10.9.9.9'],
    [
      'sysctls',
      { sysctls: { 'net.core.somaxconn': 7 } },
      'kernel settings',
      onPodman ? "the engine doesn't tell" : 'net.core.somaxconn=7',
    ],
    // The engine publishes on all addresses of the host, and belljar's own engine on 127.0.0.1.
    ['ports', { ports: ['53/udp'] }, 'published ports', '53/udp at '],
  ])('passes, and notes what is worth knowing: %s', async (_, options, check, found) => {
    await using box = await startContainer(options);

    const report = await box.isolation();

    expect(report.isolated).toBe(true);
    expect(evidenceOf(report, check as never)).toMatchObject({
      status: 'noted',
      found: expect.stringContaining(found) as string,
    });
  });
});

describe('toBeIsolatedFrom() of two containers', () => {
  it('fails if they share a volume, by its name', async () => {
    const volumes = [{ name: 'between', target: '/data' }];
    await using one = await startContainer({ network: 'none', volumes });
    await using other = await startContainer({ network: 'none', volumes });

    const report = await one.isolation(other);

    expect(checksThatAre('open', report)).toContain('volumes and mounts');
  });

  it('fails if they bind the same directory', async () => {
    const binds = [{ source: '/var/tmp', target: '/data' }];
    await using one = await startContainer({ network: 'none', binds });
    await using other = await startContainer({ network: 'none', binds });

    const report = await one.isolation(other);

    expect(checksThatAre('open', report)).toContain('volumes and mounts');
  });

  it('knows a container by its alias no better than by its name', async () => {
    await using network = await startNetwork();
    await using one = await startContainer({ network, aliases: ['db'] });
    await using other = await startContainer({ network: 'none' });

    expect((await one.isolation(other)).isolated).toBe(true);
  });
});
