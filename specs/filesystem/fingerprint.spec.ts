import { startContainer, useContainer } from '../../src';
import { createFiles } from '../../src/filesystem/files';
import { fingerprintTree } from '../../src/filesystem/fingerprint';

describe('The fingerprint of a tree', () => {
  const box = useContainer({ scope: 'file' });
  const files = createFiles(box, box);

  it('is the same in every fresh container of an image', async () => {
    await using other = await startContainer();

    const [one, two] = [await files.fingerprint(), await createFiles(other, other).fingerprint()];

    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(two).toBe(one);
  });

  it('is the same for equal trees at different places, whenever they were made', async () => {
    await box.sh`mkdir -p /srv/a/sub; echo x > /srv/a/sub/f; ln /srv/a/sub/f /srv/a/g; ln -s sub /srv/a/l; cp -a /srv/a /opt/b; touch -d @1 /opt/b/sub/f`;

    expect(await files.fingerprint('/opt/b')).toBe(await files.fingerprint('/srv/a'));
    await box.$`ln -s /srv/a /opt/link`;
    expect(await files.fingerprint('/opt/link')).toBe(await files.fingerprint('/srv/a/'));
  });

  it.each([
    ['a byte', 'printf y > /srv/a/sub/f'],
    ['a mode', 'chmod 600 /srv/a/sub/f'],
    ['an owner', 'chown nobody /srv/a/sub'],
    ['a group', 'chgrp daemon /srv/a/sub'],
    ['a link target', 'ln -sfn sub/ /srv/a/l'],
    ['a name', 'mv /srv/a/sub/f /srv/a/sub/F'],
    ['a file more', 'touch /srv/a/empty'],
    ['a file less', 'rm /srv/a/empty'],
    ['a type', 'rm /srv/a/l; mkdir /srv/a/l'],
    ['a hard link made a copy', 'cp /srv/a/g /srv/a/copy; mv /srv/a/copy /srv/a/g'],
  ])('differs for %s', async (_, script) => {
    const before = await files.fingerprint('/srv/a');
    await box.run('/bin/sh', ['-c', script]);

    expect(await files.fingerprint('/srv/a')).not.toBe(before);
  });

  it('is the same from where the engine has the tree mounted as from its export', async () => {
    expect(await fingerprintTree(box.docker, '/', { only: 'export' })).toBe(await files.fingerprint('/'));
  });

  it('is of what is there, or fails like fs', async () => {
    await expect(files.fingerprint('/nope')).rejects.toThrow(
      "ENOENT: no such file or directory, scandir '/nope'",
    );
  });
});
