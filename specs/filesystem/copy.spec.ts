import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useContainer } from '../../src';
import { CopyError, FileError } from '../../src/filesystem/errors';
import { createFiles } from '../../src/filesystem/files';
import { InvalidOptionError } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

const runOnHost = promisify(execFile);

describe('Copying', () => {
  const box = useContainer({ scope: 'file' });
  const files = createFiles(box, box);
  let host: string;

  beforeEach(async () => {
    host = await mkdtemp(join(tmpdir(), 'belljar-copy-'));
  });

  afterEach(() => rm(host, { recursive: true, force: true }));

  describe('a file or tree into a container', () => {
    it('keeps the mode of a file, makes it root’s, and makes the directories that are missing', async () => {
      await writeFile(join(host, 'run.sh'), 'echo hello');
      await chmod(join(host, 'run.sh'), 0o751);

      await files.copyIn(join(host, 'run.sh'), '/opt/my app/bin/run');

      expect(await files.read('/opt/my app/bin/run')).toBe('echo hello');
      expect(await files.stat('/opt/my app/bin/run')).toMatchObject({
        mode: 0o751,
        owner: 'root',
        group: 'root',
      });
      expect(await files.stat('/opt/my app')).toMatchObject({
        type: 'directory',
        mode: 0o755,
        owner: 'root',
      });
    });

    it('can set owner and mode', async () => {
      await writeFile(join(host, 'file'), 'x');

      await files.copyIn(join(host, 'file'), '/srv/owned', { owner: 'nobody', group: 12, mode: 0o600 });

      expect(await files.stat('/srv/owned')).toMatchObject({ mode: 0o600, owner: 'nobody', gid: 12 });
    });

    it('keeps a tree with its modes, links and odd names, and merges it into a directory that is there', async () => {
      await mkdir(join(host, 'tree/sub'), { recursive: true, mode: 0o700 });
      await writeFile(join(host, 'tree/sub/-a b\n"'), 'odd');
      await writeFile(Buffer.from(`${host}/tree/\xff`, 'latin1'), 'bytes');
      await symlink('/etc/shadow', join(host, 'tree/link'));
      await writeFile(join(host, 'tree', 'l'.repeat(200)), 'long');
      await box.sh`mkdir -m 711 /srv/tree; touch /srv/tree/before`;

      await files.copyIn(join(host, 'tree'), '/srv/tree');

      expect(await files.list('/srv/tree')).toEqual(['before', 'link', 'l'.repeat(200), 'sub', '\udcff']);
      expect(await files.read('/srv/tree/sub/-a b\n"')).toBe('odd');
      expect(await files.read('/srv/tree/\udcff')).toBe('bytes');
      expect(await files.stat('/srv/tree/link', { follow: false })).toMatchObject({
        type: 'symlink',
        target: '/etc/shadow',
      });
      expect(await files.stat('/srv/tree/sub')).toMatchObject({ mode: 0o700 });
      expect(await files.stat('/srv/tree')).toMatchObject({ mode: 0o711 });
    });

    it('follows links on the way inside the container only', async () => {
      await writeFile(join(host, 'file'), 'inside');
      await box.$`ln -s ${host} /srv/out`;

      await files.copyIn(join(host, 'file'), '/srv/out/copied');

      expect(await readdir(host)).toEqual(['file']);
      expect(await files.read(`${host}/copied`)).toBe('inside');
    });

    it('refuses special files before it copies anything', async () => {
      await mkdir(join(host, 'tree'));
      await writeFile(join(host, 'tree/a'), 'x');
      await runOnHost('mkfifo', [join(host, 'tree/pipe')]);

      const error = await rejectionOf(files.copyIn(join(host, 'tree'), '/srv/special'), CopyError);

      expect(error).toMatchObject({ code: 'SPECIAL_FILE', entry: join(host, 'tree/pipe') });
      expect(await files.exists('/srv/special')).toBe(false);
    });

    it('says what is wrong with a destination, an owner or a source', async () => {
      await writeFile(join(host, 'file'), 'x');
      await mkdir(join(host, 'tree'));

      await expect(files.copyIn(join(host, 'file'), '/etc')).rejects.toThrow(
        "EISDIR: illegal operation on a directory, copyfile '/etc'",
      );
      await expect(files.copyIn(join(host, 'tree'), '/etc/passwd')).rejects.toThrow(
        "ENOTDIR: not a directory, copyfile '/etc/passwd'",
      );
      await expect(files.copyIn(join(host, 'file'), '/etc/passwd/x')).rejects.toMatchObject({
        code: 'ENOTDIR',
      });
      await expect(files.copyIn(join(host, 'file'), '/x', { owner: 'nosuch' })).rejects.toThrow(
        InvalidOptionError,
      );
      await expect(files.copyIn(join(host, 'nope'), '/x')).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it('streams: 300 MB take no memory to speak of', async () => {
      await runOnHost('truncate', ['-s', '300M', join(host, 'large')]);
      const before = process.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);

      await files.copyIn(join(host, 'large'), '/srv/large').finally(() => clearInterval(watch));

      expect((await files.stat('/srv/large')).size).toBe(300 * 2 ** 20);
      expect(most - before).toBeLessThan(150 * 2 ** 20);
      await files.remove('/srv/large');
    });
  });

  describe('a file or tree out of a container', () => {
    it('brings a file, with its mode and content', async () => {
      await files.write('/srv/report', 'result', { mode: 0o640 });

      const report = await files.copyOut('/srv/report', join(host, 'new/report'));

      expect(report).toEqual({ entries: 1, bytes: 6, skipped: [] });
      expect(await readFile(join(host, 'new/report'), 'utf8')).toBe('result');
      expect((await lstat(join(host, 'new/report'))).mode & 0o777).toBe(0o640);
    });

    it('brings a tree, odd names too', async () => {
      await box.sh`mkdir -p /srv/tree2/sub; cd /srv/tree2; echo a > 'sub/a b'; ln -s 'sub/a b' good; printf x > "$(printf '\377')"`;

      await files.copyOut('/srv/tree2', join(host, 'tree'));

      expect(await readFile(join(host, 'tree/good'), 'utf8')).toBe('a\n');
      expect(await readFile(Buffer.from(`${host}/tree/\xff`, 'latin1'), 'utf8')).toBe('x');
    });

    it('follows a link that is named to what it leads to inside the container', async () => {
      await box.$`ln -s /etc/hostname-inside /srv/named`;
      await files.write('/etc/hostname-inside', 'inside');

      await files.copyOut('/srv/named', join(host, 'named'));

      expect((await lstat(join(host, 'named'))).isFile()).toBe(true);
      expect(await readFile(join(host, 'named'), 'utf8')).toBe('inside');
    });

    it.each([
      ['an absolute link', 'ln -s /etc/shadow /srv/evil/l', /symbolic link to \/etc\/shadow/],
      ['a link to above', 'ln -s ../../../../../../etc/shadow /srv/evil/l', /symbolic link/],
      ['a fifo', 'mkfifo /srv/evil/f', /is a fifo/],
      ['a device', 'mknod /srv/evil/d c 1 3', /is a device/],
    ])('refuses one with %s, and leaves nothing', async (_, command, reason) => {
      await box.run('/bin/sh', ['-c', `rm -rf /srv/evil; mkdir /srv/evil; echo x > /srv/evil/a; ${command}`]);

      const error = await rejectionOf(files.copyOut('/srv/evil', join(host, 'evil')), CopyError);

      expect(error.code).toBe('UNSAFE_ENTRY');
      expect(error.message).toMatch(reason);
      expect(await readdir(host)).toEqual([]);
    });

    it('stops at a bomb: a sparse file of a terabyte', async () => {
      await box.sh`mkdir /srv/bomb; truncate -s 1T /srv/bomb/b`;

      const error = await rejectionOf(files.copyOut('/srv/bomb', join(host, 'bomb')), CopyError);

      expect(error.code).toBe('TOO_MANY_BYTES');
      expect(await readdir(host)).toEqual([]);
      await files.remove('/srv/bomb', { recursive: true });
    });

    it('fails like fs for what is not there', async () => {
      const error = await rejectionOf(files.copyOut('/nope', join(host, 'x')), FileError);

      expect(error.message).toBe("ENOENT: no such file or directory, open '/nope'");
      expect(await readdir(host)).toEqual([]);
    });
  });
});
