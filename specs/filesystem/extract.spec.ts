import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, type Header, type Pack } from 'tar-stream';
import { CopyError } from '../../src/filesystem/errors';
import { extractTree } from '../../src/filesystem/copy/extract';
import type { ExtractOptions } from '../../src/filesystem/copy/options';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

type Member = Partial<Header> & Pick<Header, 'name'>;

/** An archive of one tree, `t/`, with these members; made by another tar than the one under test. */
function archiveOf(...members: [Member, string?][]): AsyncIterable<Uint8Array> {
  const archive = pack();
  archive.entry({ name: 't/', type: 'directory' });
  for (const [header, content] of members) archive.entry(header, content ?? '');
  archive.finalize();
  return streamOf(archive);
}

/** tar-stream's types don't say that its streams can be iterated. */
function streamOf(archive: Pack): AsyncIterable<Uint8Array> {
  return archive as unknown as AsyncIterable<Uint8Array>;
}

describe('An archive from a hostile container', () => {
  let outside: string;
  let target: string;

  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'belljar-extract-'));
    await writeFile(join(outside, 'secret'), 'untouched');
    target = join(outside, 'target');
  });

  afterEach(() => rm(outside, { recursive: true, force: true }));

  const extract = (archive: AsyncIterable<Uint8Array>, options?: ExtractOptions) =>
    extractTree(archive, target, options);

  async function expectNothingWritten(): Promise<void> {
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('untouched');
  }

  const attacks: [string, [Member, string?][], RegExp][] = [
    ['a name with ..', [[{ name: 't/../secret' }, 'evil']], /name leads out/],
    ['a name with .. at the end', [[{ name: 't/..', type: 'directory' }]], /name leads out/],
    ['an absolute name', [[{ name: '/secret' }, 'evil']], /name leads out/],
    ['a name beside the tree', [[{ name: 'tx/secret' }, 'evil']], /name leads out/],
    ['an empty component', [[{ name: 't//secret' }, 'evil']], /name leads out/],
    [
      'a link to an absolute path',
      [[{ name: 't/l', type: 'symlink', linkname: '/etc/passwd' }]],
      /symbolic link to \/etc\/passwd/,
    ],
    [
      'a link to above the tree',
      [[{ name: 't/l', type: 'symlink', linkname: '../secret' }]],
      /symbolic link to \.\.\/secret/,
    ],
    [
      'a link that goes up through another link',
      [
        [{ name: 't/a/', type: 'directory' }],
        [{ name: 't/a/root', type: 'symlink', linkname: '..' }],
        [{ name: 't/out', type: 'symlink', linkname: 'a/root/../secret' }],
      ],
      /symbolic link to a\/root/,
    ],
    [
      'a file written through a link',
      [
        [{ name: 't/here/', type: 'directory' }],
        [{ name: 't/l', type: 'symlink', linkname: 'here' }],
        [{ name: 't/l/secret' }, 'evil'],
      ],
      /parent is not a directory/,
    ],
    [
      'a link replaced by a directory, to write through',
      [[{ name: 't/l', type: 'symlink', linkname: '.' }], [{ name: 't/l/', type: 'directory' }]],
      /holds its name twice/,
    ],
    [
      'a file that replaces a link',
      [[{ name: 't/l', type: 'symlink', linkname: 'x' }], [{ name: 't/l' }, 'evil']],
      /holds its name twice/,
    ],
    [
      'a hard link to outside',
      [[{ name: 't/h', type: 'link', linkname: '../secret' }]],
      /hard link to \.\.\/secret/,
    ],
    [
      'a hard link to an absolute path',
      [[{ name: 't/h', type: 'link', linkname: '/etc/passwd' }]],
      /hard link to/,
    ],
    [
      'a hard link to a symbolic link',
      [[{ name: 't/l', type: 'symlink', linkname: 'x' }], [{ name: 't/h', type: 'link', linkname: 't/l' }]],
      /hard link to t\/l/,
    ],
    ['a device', [[{ name: 't/d', type: 'block-device', devmajor: 8, devminor: 0 }]], /is a device/],
    ['a fifo', [[{ name: 't/f', type: 'fifo' }]], /is a fifo/],
    ['a file in a directory that is not there', [[{ name: 't/no/f' }, 'x']], /parent is not a directory/],
    [
      'a file in a file',
      [
        [{ name: 't/f' }, 'x'],
        [{ name: 't/f/g' }, 'x'],
      ],
      /parent is not a directory/,
    ],
  ];

  it.each(attacks)('is refused whole for %s', async (_, members, reason) => {
    const archive = archiveOf([{ name: 't/good' }, 'fine'], ...members);

    const error = await rejectionOf(extract(archive), CopyError);

    expect(error.code).toBe('UNSAFE_ENTRY');
    expect(error.message).toMatch(reason);
    await expectNothingWritten();
  });

  it.each(attacks)('is copied without it, if that is asked for: %s', async (_, members) => {
    const archive = archiveOf([{ name: 't/good' }, 'fine'], ...members);

    const { skipped } = await extract(archive, { unsafe: 'skip' });

    expect(skipped).toHaveLength(1);
    expect(await readFile(join(target, 'good'), 'utf8')).toBe('fine');
    expect((await readdir(outside)).sort()).toEqual(['secret', 'target']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('untouched');
  });

  it('gives no rights on the host: set-user-id, set-group-id and sticky bits are dropped', async () => {
    await extract(
      archiveOf([{ name: 't/su', mode: 0o6755 }, '#!'], [{ name: 't/d/', type: 'directory', mode: 0o1777 }]),
    );

    expect((await lstat(join(target, 'su'))).mode & 0o7777).toBe(0o755);
    expect((await lstat(join(target, 'd'))).mode & 0o7777).toBe(0o777);
  });

  it('may not be larger than allowed', async () => {
    const archive = archiveOf([{ name: 't/a' }, 'x'.repeat(600)], [{ name: 't/b' }, 'x'.repeat(600)]);

    const error = await rejectionOf(extract(archive, { maxBytes: 1000 }), CopyError);

    expect(error).toMatchObject({ code: 'TOO_MANY_BYTES', entry: 't/b' });
    await expectNothingWritten();
  });

  it('is refused by the size that it claims, before that many bytes have come', async () => {
    const bomb = pack();
    bomb.entry({ name: 't/', type: 'directory' });
    bomb.entry({ name: 't/bomb', size: 2 ** 50 });

    expect(await rejectionOf(extract(streamOf(bomb)), CopyError)).toMatchObject({ code: 'TOO_MANY_BYTES' });
    await expectNothingWritten();
  });

  it('may not have more entries than allowed', async () => {
    const many = Array.from({ length: 20 }, (_, n): [Member, string] => [{ name: `t/${n}` }, '']);

    expect(await rejectionOf(extract(archiveOf(...many), { maxEntries: 10 }), CopyError)).toMatchObject({
      code: 'TOO_MANY_ENTRIES',
    });
    await expectNothingWritten();
  });

  it.each([
    ['is no archive', Buffer.alloc(1024, 'x')],
    ['is empty', Buffer.alloc(1024)],
    ['ends early', Buffer.alloc(100, 'x')],
  ])('fails if it %s', async (_, bytes) => {
    const failure = await rejectionOf(extract(chunks(bytes)), CopyError);

    expect(failure).toMatchObject({ code: 'ARCHIVE_MALFORMED' });
    await expectNothingWritten();
  });

  it('fails if its last file is cut off', async () => {
    const whole = await bytesOf(archiveOf([{ name: 't/f' }, 'x'.repeat(5000)]));

    const failure = await rejectionOf(extract(chunks(whole.subarray(0, 3000))), CopyError);

    expect(failure).toMatchObject({ code: 'ARCHIVE_MALFORMED' });
    await expectNothingWritten();
  });

  it('is read right however its bytes are split', async () => {
    const whole = await bytesOf(
      archiveOf([{ name: `t/${'n'.repeat(150)}` }, 'content'], [{ name: 't/ä' }, 'x'.repeat(1000)]),
    );

    await extract(chunks(whole, 7));

    expect((await readdir(target)).sort()).toEqual(['n'.repeat(150), 'ä'].sort());
    expect(await readFile(join(target, 'ä'), 'utf8')).toBe('x'.repeat(1000));
  });

  it('keeps good links, hard links and modes', async () => {
    await extract(
      archiveOf(
        [{ name: 't/d/', type: 'directory', mode: 0o750 }],
        [{ name: 't/d/f', mode: 0o640 }, 'same'],
        [{ name: 't/d/up', type: 'symlink', linkname: '../d/f' }],
        [{ name: 't/h', type: 'link', linkname: 't/d/f' }],
      ),
    );

    expect((await lstat(join(target, 'd'))).mode & 0o777).toBe(0o750);
    expect((await lstat(join(target, 'd/f'))).mode & 0o777).toBe(0o640);
    expect(await readlink(join(target, 'd/up'))).toBe('../d/f');
    expect((await lstat(join(target, 'h'))).ino).toBe((await lstat(join(target, 'd/f'))).ino);
  });

  it('replaces a file that is there, and no directory with anything in it', async () => {
    await mkdir(target);
    await writeFile(join(target, 'mine'), 'mine');

    const error = await rejectionOf(extract(archiveOf([{ name: 't/f' }, 'x'])), CopyError);

    expect(error.code).toBe('TARGET_EXISTS');
    expect(await readdir(target)).toEqual(['mine']);
    expect((await readdir(outside)).sort()).toEqual(['secret', 'target']);
  });
});

async function* chunks(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function bytesOf(archive: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of archive) pieces.push(piece);
  return Buffer.concat(pieces);
}
