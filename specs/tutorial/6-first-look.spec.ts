import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { startContainer, useContainer } from '../../src';
import { itOnUbuntu } from '../../tooling/spec-helpers/ubuntu';

/**
 * Part 6 of the tutorial: a first look around. `ls` in a fresh container shows the directories that every Linux has at
 * its root, and nothing that belongs to the host or to another container.
 */
describe('6. A first look', () => {
  const box = useContainer();

  itOnUbuntu('shows Ubuntu 20.04', async () => {
    await expect(box.$`cat /etc/os-release`).toPrint('PRETTY_NAME="Ubuntu 20.04');
  });

  it('shows the directories of a Linux system', async () => {
    const { stdout } = await box.$`ls /`;

    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['bin', 'dev', 'etc', 'home', 'proc', 'root', 'sys', 'tmp', 'usr', 'var']),
    );
  });

  it('shows nothing else at the root than a Linux system has', async () => {
    const usual =
      /^(bin|boot|dev|etc|home|lib(32|64|x32)?|media|mnt|opt|proc|root|run|s?bin|srv|sys|tmp|usr|var)$/;

    const { stdout } = await box.$`ls /`;

    expect(stdout.split('\n').filter((name) => !usual.test(name))).toEqual([]);
  });

  it('shows empty home and temporary directories', async () => {
    await expect(box.$`ls /home /tmp`).toPrint(/^\/home:\n\n\/tmp:$/);
  });

  it('shows nothing of the host: neither its name, nor its files, nor its processes', async () => {
    const here = readdirSync(process.cwd());

    const { stdout: name } = await box.$`hostname`;
    const { stdout: files } = await box.sh`ls -d ${process.cwd()}/* 2>/dev/null; :`;
    const { stdout: processes } = await box.sh`cat /proc/[0-9]*/comm`;

    expect(here).toContain('package.json');
    expect(name).not.toBe(hostname());
    expect(files).toBe('');
    expect(processes).not.toContain('node');
  });

  it('shows nothing of another container', async () => {
    await using other = await startContainer();
    await other.sh`echo secret > /tmp/secret`;
    await other.sh`sleep 4242 >/dev/null 2>&1 &`;

    await expect(box.$`ls /tmp`).not.toPrint('secret');
    await expect(box.sh`cat /proc/[0-9]*/cmdline`).not.toPrint('4242');
  });
});
