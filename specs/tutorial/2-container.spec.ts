import { existsSync } from 'node:fs';
import { host, startContainer, useContainer } from '../../src';

/**
 * Part 2 of the tutorial: a container is an environment of its own. It is made from an image, and what happens in it
 * stays in it: the image, the host and other containers are as they were.
 */
describe('2. A container', () => {
  const box = useContainer();

  it('is made from an image, and starts as the image is', async () => {
    const { Image } = await box.docker.inspect();

    expect(Image).toBe(box.image.id);
    await expect(box).toBeUnchanged();
  });

  it('is an environment of its own: its own host name, processes, network and files', async () => {
    await expect(box.$`hostname`).toPrint(box.hostname);
    await expect(box.$`cat /proc/1/cmdline`).toPrint('sleep');
    await expect(box.sh`ls /sys/class/net`).toPrint('lo');
    await expect(box.$`stat -f -c %T /`).toPrint('overlay');
  });

  it('can be changed like any machine', async () => {
    await box.$`useradd --create-home alice`;
    await box.run('tee', ['/home/alice/notes'], { input: 'remember the milk\n', user: 'alice' });

    await expect(box).toHaveFile('/home/alice/notes', { owner: 'alice', content: 'remember the milk\n' });
    await expect(box).toHaveChangedOnly(['/home/alice/**', '/etc/**']);
  });

  it('never changes its image: the next container knows nothing of it', async () => {
    await box.$`rm -rf /usr/share/doc`;
    await box.$`touch /only-here`;

    await using next = await startContainer();

    await expect(next.$`ls -d /usr/share/doc`).toSucceed();
    await expect(next.$`ls /only-here`).not.toSucceed();
    await expect(box.image).toBeUnchanged({ depth: 'content' });
  });

  it('never changes the host', async () => {
    const before = await host.snapshot();
    await box.$`touch /only-in-the-container`;
    await box.sh`echo changed > /etc/motd`;

    expect(existsSync('/only-in-the-container')).toBe(false);
    await expect(host).toBeUnchanged({ since: before });
    await expect(box).toBeIsolatedFromHost();
  });

  it('never changes another container from the same image', async () => {
    await using other = await startContainer();

    await box.sh`echo changed > /etc/motd`;

    await expect(other.sh`cat /etc/motd 2>&1; :`).not.toPrint('changed');
  });
});
