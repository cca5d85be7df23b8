import { engine, startContainer, type Box, type StartOptions } from '../../src';
import { imageWith } from '../../tooling/images/image-with';
import { checksThatAre } from '../../tooling/spec-helpers/evidence';

/** The first test on a machine may have to install it. */
jest.setTimeout(180_000);

/** How a container runs systemd as process 1, as docs/systemd.md has it. */
async function withSystemd(): Promise<StartOptions> {
  const { cgroupVersion } = await engine.info();
  return {
    image: imageWith('systemd', 'systemd-sysv'),
    command: ['/sbin/init'],
    env: { container: 'docker' },
    tmpfs: { '/run': '', '/run/lock': '' },
    // On cgroup v1, systemd writes below its own group. On v2 it needs the file system of groups writable.
    ...(cgroupVersion === '1'
      ? { binds: [{ source: '/sys/fs/cgroup', target: '/sys/fs/cgroup', mode: 'ro' as const }] }
      : { privileged: true }),
  };
}

describe('systemd as process 1', () => {
  let box: Box;

  beforeAll(async () => {
    box = await startContainer(await withSystemd());
    await box.waitForCommand('systemctl', ['is-system-running', '--wait'], { timeout: 60_000 });
  });

  afterAll(() => box.remove());

  it('is what runs', async () => {
    await expect(box.$`cat /proc/1/comm`).toPrint(/^systemd$/);
    await expect(box.$`systemctl is-system-running`).toPrint(/^running$/);
    await expect(box.$`systemctl list-units --failed --no-legend`).toPrint(/^$/);
  });

  it('starts a service that a test installs, and starts it again when it dies', async () => {
    await box.files.write('/etc/systemd/system/greeter.service', unit);
    await box.$`systemctl daemon-reload`;
    await box.$`systemctl enable --now greeter`;

    await expect(box.$`systemctl is-active greeter`).toPrint(/^active$/);
    await expect(box).toHaveSymlink('/etc/systemd/system/multi-user.target.wants/greeter.service');
    const { stdout: first } = await box.$`systemctl show --property MainPID --value greeter`;
    await box.sh`kill -9 ${first}`;
    await box.waitForCommand('sh', [
      '-c',
      `systemctl is-active -q greeter && [ "$(systemctl show --property MainPID --value greeter)" != ${first} ]`,
    ]);
    await expect(box.$`cat /var/lib/greeter/log`).toPrint(/^hello\nhello$/);
  });

  it('says why a service fails', async () => {
    await box.files.write(
      '/etc/systemd/system/broken.service',
      '[Service]\nType=oneshot\nExecStart=/bin/false\n',
    );
    await box.$`systemctl daemon-reload`;

    await expect(box.$`systemctl start broken`).toPrintError('Job for broken.service failed');
    await expect(box.$`systemctl is-failed broken`).toPrint(/^failed$/);
    await expect(box.$`journalctl --unit broken --no-pager`).toPrint(
      'Main process exited, code=exited, status=1',
    );
  });

  it('is open to the host by the mount of its groups alone', async () => {
    const report = await box.isolation();

    expect(checksThatAre('unknown', report)).toEqual([]);
    if ((await engine.info()).cgroupVersion === '1')
      expect(checksThatAre('open', report)).toEqual(['bind mounts', 'directories of the host']);
    else expect(checksThatAre('open', report)).toContain('privileged');
  });
});

const unit = `
[Unit]
Description=Greets
[Service]
StateDirectory=greeter
ExecStart=/bin/sh -c 'echo hello >>/var/lib/greeter/log; exec sleep 600'
Restart=always
RestartSec=100ms
[Install]
WantedBy=multi-user.target
`;
