import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer, useContainer } from '../../src';
import { FileError } from '../../src/filesystem/errors';
import { InvalidOptionError } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A mount that only the running container has', () => {
  const box = useContainer({
    scope: 'file',
    network: 'none',
    customize: (made) => made.withTmpFs({ '/srv/cache': 'rw' }),
  });
  let host: string;

  beforeEach(async () => {
    host = await mkdtemp(join(tmpdir(), 'belljar-mounts-'));
    await writeFile(join(host, 'file'), 'from the host');
    await mkdir(join(host, 'tree/sub'), { recursive: true });
    await writeFile(join(host, 'tree/sub/file'), 'in a tree');
  });

  afterEach(() => rm(host, { recursive: true, force: true }));

  it.each(['/dev/shm/file', '/srv/cache/file', '/dev/shm/made/for/it'])('takes a copy: %s', async (path) => {
    await box.files.copyIn(join(host, 'file'), path, { mode: 0o640, owner: 'nobody' });

    expect(await box.files.read(path)).toBe('from the host');
    expect(await box.files.stat(path)).toMatchObject({ mode: 0o640, owner: 'nobody' });
  });

  it('takes a copy through links that lead there', async () => {
    await box.sh`ln -s /dev/shm /opt/directory; ln -s /dev/shm/target /opt/link`;

    await box.files.copyIn(join(host, 'file'), '/opt/directory/there');
    await box.files.copyIn(join(host, 'file'), '/opt/link');

    expect(await box.files.read('/dev/shm/there')).toBe('from the host');
    expect(await box.files.read('/dev/shm/target')).toBe('from the host');
  });

  it('takes a tree, and the part of a tree that lies on it', async () => {
    await box.files.copyIn(join(host, 'tree'), '/dev/shm/tree');
    await mkdir(join(host, 'root/srv'), { recursive: true });
    await mkdir(join(host, 'root/srv/cache'));
    await writeFile(join(host, 'root/srv/cache/below'), 'on the mount');
    await writeFile(join(host, 'root/srv/beside'), 'beside the mount');
    await box.files.copyIn(join(host, 'root'), '/');

    expect(await box.files.read('/dev/shm/tree/sub/file')).toBe('in a tree');
    expect(await box.files.read('/srv/cache/below')).toBe('on the mount');
    expect(await box.files.read('/srv/beside')).toBe('beside the mount');
  });

  it('is copied out, alone and within a tree', async () => {
    await box.sh`mkdir -p /srv/cache/out; echo on >/srv/cache/out/file; ln -s /srv/cache/out /opt/out`;

    await box.files.copyOut('/srv/cache/out', join(host, 'alone'));
    await box.files.copyOut('/srv', join(host, 'srv'));
    await box.files.copyOut('/opt/out', join(host, 'by-link'));

    for (const copy of ['alone', 'srv/cache/out', 'by-link'])
      expect(await readFile(join(host, copy, 'file'), 'utf8')).toBe('on\n');
  });

  it('is named if a copy of the root directory leaves it out', async () => {
    const { skipped } = await box.files.copyOut('/', join(host, 'root'), {
      maxEntries: 1_000_000,
      unsafe: 'skip',
    });

    expect(skipped).toContainEqual({
      path: '/srv/cache',
      reason: 'it is a mount (tmpfs), which a copy of the root does not have',
    });
  });

  it('has no fingerprint, because only the container’s own tools see it', async () => {
    const error = await rejectionOf(box.files.fingerprint('/dev/shm'), FileError);

    expect(error.code).toBe('ENOTSUP');
    expect(error.message).toContain('/dev/shm is a mount (tmpfs), which the engine does not show');
    await expect(box.files.fingerprint('/srv')).rejects.toMatchObject({ code: 'ENOTSUP' });
    await expect(box.files.fingerprint('/etc')).resolves.toMatch(/^sha256:/);
  });

  it('fails like fs for what is not there, or is of another kind', async () => {
    await box.sh`mkdir -p /dev/shm/directory; echo x >/dev/shm/plain`;

    await expect(box.files.copyOut('/dev/shm/nope', join(host, 'x'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
    await expect(box.files.copyIn(join(host, 'file'), '/dev/shm/directory')).rejects.toMatchObject({
      code: 'EISDIR',
    });
    await expect(box.files.copyIn(join(host, 'tree'), '/dev/shm/plain')).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
    expect(await readdir(host)).toEqual(['file', 'tree']);
  });

  it('is not copied if it shows the kernel: such files have no size', async () => {
    const error = await rejectionOf(box.files.copyOut('/proc/meminfo', join(host, 'x')), FileError);

    expect(error.message).toBe(
      "ENOTSUP: operation not supported, open '/proc/meminfo' (/proc shows the kernel (proc), not files that can be " +
        'copied: use files.read() or files.write())',
    );
    await expect(box.files.copyIn(join(host, 'file'), '/sys/x')).rejects.toMatchObject({ code: 'ENOTSUP' });
  });

  it('refuses a copy if the container has stopped, and has no such mount any more', async () => {
    await using stopped = await startContainer({ network: 'none' });
    await stopped.stop();

    await expect(stopped.files.copyIn(join(host, 'file'), '/dev/shm/file')).rejects.toThrow(/not running/);
    await expect(stopped.files.copyIn(join(host, 'file'), '/opt/file')).resolves.toMatchObject({
      entries: 1,
    });
  });

  it.each(['/dev/shm/file', '/proc/file', '/sys/file'])(
    'takes no file before the container starts: %s',
    async (target) => {
      const started = startContainer({ network: 'none', files: [{ target, content: 'x' }] });

      const error = await rejectionOf(started, InvalidOptionError);

      expect(error.message).toContain('copyIn');
    },
  );
});
