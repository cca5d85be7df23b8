import { useContainer } from '../../src';
import { FileError } from '../../src/filesystem/errors';
import { createFiles } from '../../src/filesystem/files';
import { noView } from '../../src/filesystem/host-view/root-view';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('The files of a container without a shell', () => {
  const box = useContainer({ scope: 'file', network: 'none' });
  const files = createFiles(box, box, noView);

  beforeAll(async () => {
    await box.sh`mkdir -p /srv/tree/sub; echo one >/srv/tree/one; echo two >/srv/tree/sub/two
      ln -s /srv/tree/one /srv/link; ln -s nowhere /srv/dangling; chown nobody /srv/tree/one; chmod 600 /srv/tree/one`;
    await box.$`rm /bin/sh /bin/bash /bin/dash`;
  });

  it('can be read', async () => {
    expect(await files.read('/srv/tree/one')).toBe('one\n');
    expect(await files.read('/srv/link')).toBe('one\n');
    await expect(files.read('/srv/nope')).rejects.toThrow(
      "ENOENT: no such file or directory, open '/srv/nope'",
    );
    await expect(files.read('/srv/tree')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('can be written', async () => {
    await files.write('/srv/new', 'new');
    await files.write('/srv/owned', Buffer.from('x'), { mode: 0o640, owner: 'nobody' });
    await files.append('/srv/link', 'more\n');

    expect(await files.read('/srv/new')).toBe('new');
    expect(await files.stat('/srv/new')).toMatchObject({ mode: 0o644, owner: 'root', size: 3 });
    expect(await files.stat('/srv/owned')).toMatchObject({ mode: 0o640, owner: 'nobody' });
    expect(await files.read('/srv/tree/one')).toBe('one\nmore\n');
    expect(await files.stat('/srv/tree/one')).toMatchObject({ mode: 0o600, owner: 'nobody' });
    await expect(files.write('/srv/nope/file', 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files.write('/srv/tree', 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('can be listed, and looked at', async () => {
    expect(await files.list('/srv/tree')).toEqual(['one', 'sub']);
    expect(await files.stat('/srv/link', { follow: false })).toMatchObject({
      type: 'symlink',
      target: '/srv/tree/one',
    });
    expect(await files.stat('/srv/tree')).toMatchObject({ type: 'directory' });
    const found = ['/srv/tree', '/srv/link', '/srv/dangling', '/srv/nope', '/srv/tree/one/x'].map((path) =>
      files.exists(path),
    );
    expect(await Promise.all(found)).toEqual([true, true, false, false, false]);
    await expect(files.list('/srv/tree/one')).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('are refused by name if only a shell could reach them, or do what is asked', async () => {
    const error = await rejectionOf(files.remove('/srv/new'), FileError);

    expect(error.message).toBe(
      "ENOTSUP: operation not supported, rm '/srv/new' (the container has no /bin/sh, which this operation needs: " +
        'read(), write(), append(), stat(), list(), exists(), copyIn() and copyOut() need none)',
    );
    await expect(files.write('/dev/shm/x', 'x')).rejects.toThrow(/^ENOTSUP: .*\/dev\/shm is a mount/);
  });
});
