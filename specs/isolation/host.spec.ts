import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDifference } from '../../src/isolation/host/compare';
import { host } from '../../src/isolation/host/host';
import { checkHostUnchanged } from '../../src/isolation/host/unchanged';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belljar-host-'));
  await mkdir(join(directory, 'sub'));
  await writeFile(join(directory, 'file'), 'content', { mode: 0o644 });
  await writeFile(join(directory, 'sub', 'deep'), 'deeper');
  await symlink('file', join(directory, 'link'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('host.files.fingerprint', () => {
  it('knows type, mode, owner, size, content and target of everything below a path', async () => {
    const { entries } = await host.files.fingerprint(directory);

    expect([...entries.keys()]).toEqual(
      ['', '/file', '/link', '/sub', '/sub/deep'].map((path) => directory + path),
    );
    expect(entries.get(join(directory, 'file'))).toMatchObject({
      type: 'file',
      mode: 0o644,
      uid: process.getuid?.(),
      gid: process.getgid?.(),
      size: 7,
      // printf content | sha256sum
      sha256: 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73',
    });
    expect(entries.get(join(directory, 'link'))).toMatchObject({ type: 'symlink', target: 'file' });
  });

  it('is the same each time, whatever the times of the files', async () => {
    const before = await host.files.fingerprint(directory);
    await utimes(join(directory, 'file'), 1, 1);

    const after = await host.files.fingerprint(directory);

    expect(after.digest).toBe(before.digest);
  });

  it('is another after any change', async () => {
    const { digest } = await host.files.fingerprint(directory);
    const changes = [
      () => writeFile(join(directory, 'file'), 'CONTENT'),
      () => chmod(join(directory, 'file'), 0o600),
      () => rename(join(directory, 'file'), join(directory, 'other')),
      () => writeFile(join(directory, 'sub', 'more'), ''),
    ];

    const digests = [digest];
    for (const change of changes) {
      await change();
      digests.push((await host.files.fingerprint(directory)).digest);
    }

    expect(new Set(digests).size).toBe(changes.length + 1);
  });

  it('does not wait for a pipe, and does not follow a link', async () => {
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    await symlink('/', join(directory, 'everything'));

    const { entries } = await host.files.fingerprint(directory);

    expect(entries.get(join(directory, 'pipe'))).toMatchObject({ type: 'fifo' });
    expect(entries.size).toBe(7);
  });

  it('does not enter another file system', async () => {
    const { entries } = await host.files.fingerprint('/dev', { content: false });

    expect(entries.get('/dev/pts')).toMatchObject({ type: 'mount' });
    expect(entries.has('/dev/pts/ptmx')).toBe(false);
  });

  it('knows that a path is not there', async () => {
    const { entries } = await host.files.fingerprint(join(directory, 'nothing'));

    expect(entries.get(join(directory, 'nothing'))).toMatchObject({ type: 'missing' });
  });

  it('reports what it may not read', async () => {
    // The kernel lets no user read this file, not even root: its memory is not mapped at 0.
    const { unreadable, entries } = await host.files.fingerprint('/proc/self/mem');

    expect(entries.has('/proc/self/mem')).toBe(true);
    expect(unreadable).toEqual([
      { path: '/proc/self/mem', code: 'EIO', message: expect.stringContaining('EIO') as string },
    ]);
  });

  it('leaves out what is to be ignored', async () => {
    const { entries } = await host.files.fingerprint(directory, { ignore: [join(directory, 'sub')] });

    expect([...entries.keys()]).toEqual([directory, join(directory, 'file'), join(directory, 'link')]);
  });

  it.each([
    ['a relative path', ['etc'], {}, 'INVALID_OPTION'],
    ['no path', [], {}, 'INVALID_OPTION'],
    ['more entries than the limit', ['/etc'], { maxEntries: 5 }, 'TOO_MUCH'],
    ['more bytes than the limit', ['/etc'], { maxBytes: 5 }, 'TOO_MUCH'],
  ])('refuses %s', async (_, paths, options, code) => {
    await expect(host.files.fingerprint(paths, options)).rejects.toMatchObject({ code });
  });
});

describe('host.files.compare', () => {
  it('says exactly what differs', async () => {
    const before = await host.files.fingerprint(directory);
    await chmod(join(directory, 'file'), 0o600);
    await writeFile(join(directory, 'new'), '123', { mode: 0o644 });
    await rm(join(directory, 'sub'), { recursive: true });
    await rm(join(directory, 'link'));
    await symlink('new', join(directory, 'link'));

    const { differences } = host.files.compare(before, await host.files.fingerprint(directory));

    const owner = `owner ${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
    expect(differences.map(formatDifference)).toEqual([
      `modified ${directory}/file: mode 0644 → 0600`,
      `modified ${directory}/link: target file → new`,
      `added    ${directory}/new: file, 0644, ${owner}, 3 bytes`,
      `removed  ${directory}/sub: directory, 0755, ${owner}`,
      `removed  ${directory}/sub/deep: file, 0644, ${owner}, 6 bytes`,
    ]);
  });

  it('refuses fingerprints of different paths', async () => {
    const one = await host.files.fingerprint(directory);
    const other = await host.files.fingerprint(join(directory, 'sub'));

    expect(() => host.files.compare(one, other)).toThrow(/must be the same in both/);
  });
});

describe('whether the host is unchanged', () => {
  afterEach(() => host.unwatch());

  it('it is, if nothing happened', async () => {
    const since = await host.snapshot(directory);

    const report = await checkHostUnchanged({ since });

    expect(report).toMatchObject({ unchanged: true, differences: [] });
  });

  it('it is not, if a file was rewritten with the same bytes and its times set back', async () => {
    const path = join(directory, 'file');
    await utimes(path, 1, 1);
    const since = await host.snapshot(directory, { content: true });
    await writeFile(path, 'content');
    await utimes(path, 1, 1);

    const report = await checkHostUnchanged({ since });

    expect(report.unchanged).toBe(false);
    expect(report.differences).toMatchObject([
      {
        path,
        kind: 'modified',
        details: [expect.stringMatching(/^written to, with the same content, at 20/)],
      },
    ]);
  });

  it('it is not, if a file was replaced by another', async () => {
    const since = await host.snapshot(directory);
    await writeFile(join(directory, 'other'), 'CONTENT', { mode: 0o644 });
    await rename(join(directory, 'other'), join(directory, 'file'));

    const { differences } = await checkHostUnchanged({ since });

    expect(differences.map(({ path }) => path)).toEqual([join(directory, 'file')]);
  });

  it('it is compared with the latest watch', async () => {
    await host.watch(directory);
    await link(join(directory, 'file'), join(directory, 'again'));
    await host.watch(directory);
    await writeFile(join(directory, 'sub', 'new'), '');

    const { differences } = await checkHostUnchanged();

    expect(differences.map(({ path }) => path)).toEqual([join(directory, 'sub', 'new')]);
  });

  it('can not be told without an earlier snapshot', async () => {
    await expect(checkHostUnchanged()).rejects.toMatchObject({
      code: 'NO_SNAPSHOT',
      message: expect.stringContaining('beforeAll(() => host.watch());') as string,
    });
  });

  it('can not be told of what may not be read', async () => {
    const since = await host.snapshot('/proc/self/mem', { content: true });

    const report = await checkHostUnchanged({ since });

    expect(report.unchanged).toBe(false);
    expect(report.evidence).toContainEqual(
      expect.objectContaining({ status: 'unknown', how: '/proc/self/mem' }),
    );
  });

  it('the usual paths are watched if none are named', async () => {
    const { paths, entries } = await host.snapshot();

    expect(paths).toEqual(expect.arrayContaining(['/etc', '/usr/bin', '/usr/local']));
    expect(entries.get('/etc/passwd')).toMatchObject({ type: 'file' });
  });
});

describe('host.$', () => {
  it('runs a command on the host, as execa does', async () => {
    const { stdout } = await host.$`echo ${'one argument'}`;

    expect(stdout).toBe('one argument');
  });
});
