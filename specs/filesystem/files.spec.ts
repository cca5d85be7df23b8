import { useContainer } from '../../src';
import { FileError } from '../../src/filesystem/errors';
import { noView, rootView } from '../../src/filesystem/host-view/root-view';
import { createFiles } from '../../src/filesystem/files';
import { InvalidOptionError } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe.each([
  { way: 'seen from this machine', view: rootView },
  { way: 'reached by commands inside', view: () => noView },
])('The files of a container, $way,', ({ view }) => {
  const box = useContainer({ scope: 'file' });
  const files = createFiles(box, box, view(box));

  it('are written and read as text', async () => {
    await files.write('/tmp/greeting', 'grüße\n');

    expect(await files.read('/tmp/greeting')).toBe('grüße\n');
    await expect(box.$`cat /tmp/greeting`).toPrint('grüße');
  });

  it('are written and read as bytes, whatever they are', async () => {
    const everyByte = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    await files.write('/tmp/bytes', everyByte);

    expect(await files.read('/tmp/bytes', { encoding: 'buffer' })).toEqual(everyByte);
  });

  it('may be empty', async () => {
    await files.write('/tmp/empty', '');

    expect(await files.read('/tmp/empty')).toBe('');
  });

  it('get a mode, an owner and a group when they are written', async () => {
    await files.write('/tmp/owned', 'x', { mode: 0o4750, owner: 'nobody', group: 'daemon' });

    expect(await files.stat('/tmp/owned')).toMatchObject({
      type: 'file',
      mode: 0o4750,
      owner: 'nobody',
      group: 'daemon',
      uid: 65534,
      gid: 1,
      size: 1,
      links: 1,
      target: undefined,
    });
  });

  it('belong to root and are readable by all if nothing else is asked for, and keep what they had', async () => {
    await files.write('/tmp/plain', 'x');
    expect(await files.stat('/tmp/plain')).toMatchObject({ mode: 0o644, owner: 'root', group: 'root' });

    await box.$`chmod 600 /tmp/plain`;
    await files.write('/tmp/plain', 'y');
    expect(await files.stat('/tmp/plain')).toMatchObject({ mode: 0o600 });
  });

  it('can be added to', async () => {
    await files.append('/tmp/log', 'one\n');
    await files.append('/tmp/log', 'two\n');

    expect(await files.read('/tmp/log')).toBe('one\ntwo\n');
  });

  it('are known by their type, size and time', async () => {
    await box.sh`mkfifo /tmp/fifo; ln -s greeting /tmp/link; touch -d @1700000000 /tmp/old`;

    expect((await files.stat('/tmp/fifo')).type).toBe('fifo');
    expect((await files.stat('/dev/null')).type).toBe('character-device');
    expect((await files.stat('/tmp')).mode).toBe(0o1777);
    expect((await files.stat('/tmp/old')).mtime).toEqual(new Date(1_700_000_000_000));
    expect(await files.stat('/tmp/link', { follow: false })).toMatchObject({
      type: 'symlink',
      target: 'greeting',
    });
  });

  it('have no owner name if the container knows none', async () => {
    await files.write('/tmp/strange', 'x', { owner: 4711, group: 4712 });

    expect(await files.stat('/tmp/strange')).toMatchObject({
      uid: 4711,
      gid: 4712,
      owner: undefined,
      group: undefined,
    });
  });

  it('are listed by directory, hidden ones too, sorted', async () => {
    await box.sh`mkdir /tmp/many; cd /tmp/many; touch b .hidden a ..odd '*'; ln -s nowhere c`;

    expect(await files.list('/tmp/many')).toEqual(['*', '..odd', '.hidden', 'a', 'b', 'c']);
  });

  it('are found by glob, without following links or looking into /proc', async () => {
    await box.sh`mkdir -p /tmp/glob/sub; cd /tmp/glob; touch a.conf sub/b.conf sub/c.txt; ln -s sub link`;

    expect(await files.glob('/tmp/glob/**/*.conf')).toEqual(['/tmp/glob/a.conf', '/tmp/glob/sub/b.conf']);
    expect(await files.glob('/tmp/glob/*')).toEqual(['/tmp/glob/a.conf', '/tmp/glob/link', '/tmp/glob/sub']);
    expect(await files.glob('/tmp/none/*')).toEqual([]);
    expect(await files.glob('/**/cmdline')).toEqual([]);
    expect(await files.glob('/proc/self/cmdline')).toEqual(['/proc/self/cmdline']);
  });

  it('exist or not; a link to nothing does not', async () => {
    await box.$`ln -s nowhere /tmp/dangling`;

    expect(await files.exists('/tmp')).toBe(true);
    expect(await files.exists('/tmp/dangling')).toBe(false);
    expect(await files.exists('/nope')).toBe(false);
  });

  it('are put into directories, made one at a time or with their parents', async () => {
    await files.mkdir('/tmp/one', { mode: 0o700 });
    await files.mkdir('/tmp/two/three/four', { recursive: true });
    await files.mkdir('/tmp/two', { recursive: true });

    expect(await files.stat('/tmp/one')).toMatchObject({ type: 'directory', mode: 0o700 });
    expect(await files.stat('/tmp/two/three/four')).toMatchObject({ type: 'directory', mode: 0o755 });
  });

  it('are removed: a file, an empty directory, a link but never what it leads to, a tree', async () => {
    await box.sh`mkdir -p /tmp/gone/deep /tmp/kept; touch /tmp/gone/deep/file /tmp/kept/file; ln -s ../kept /tmp/gone/link`;

    await files.remove('/tmp/gone/deep/file');
    await files.remove('/tmp/gone/deep');
    expect(await files.list('/tmp/gone')).toEqual(['link']);
    await files.remove('/tmp/gone/link/', { recursive: true });
    expect(await files.list('/tmp/gone')).toEqual([]);
    await box.$`ln -s ../kept /tmp/gone/link`;
    await files.remove('/tmp/gone', { recursive: true });
    expect(await files.exists('/tmp/gone')).toBe(false);
    expect(await files.list('/tmp/kept')).toEqual(['file']);
    await files.remove('/tmp/gone', { force: true });
  });

  const oddNames: [string, string | Buffer][] = [
    ['spaces', '/tmp/a b  c '],
    ['newlines, also at the end', '/tmp/a\nb\n\n'],
    ['quotes', `/tmp/it's "quoted" \`id\` $HOME`],
    ['a leading dash', '/tmp/-rf'],
    ['a backslash and percent', '/tmp/\\101%s%41'],
    ['wildcards', '/tmp/[*?]'],
    ['letters beyond ASCII', '/tmp/ä€🎈'],
    ['bytes that are no UTF-8', Buffer.from('/tmp/\xff\xfeab\xc3\n', 'latin1')],
    ['two hundred and fifty-five bytes', `/tmp/${'n'.repeat(255)}`],
  ];

  it.each(oddNames)('may have names with %s', async (_, path) => {
    await files.write(path, 'content', { mode: 0o600 });

    expect(await files.read(path)).toBe('content');
    expect(await files.stat(path)).toMatchObject({ mode: 0o600 });
    expect(await files.exists(path)).toBe(true);
    const listed = (await files.list('/tmp')).map((name) => `/tmp/${name}`);
    const [own] = listed.filter((name) =>
      typeof path === 'string' ? name === path : name.includes('\udcff'),
    );
    expect(own).toBeDefined();
    expect(await files.read(own ?? '')).toBe('content');
    await files.remove(own ?? '');
    expect(await files.exists(path)).toBe(false);
  });

  it('gives a name that is no UTF-8 as a string that leads back to it', async () => {
    await files.write(Buffer.from('/tmp/caf\xe9', 'latin1'), 'x');

    const names = await files.list('/tmp');

    expect(names).toContain('caf\udce9');
    expect(names).not.toContain('café');
  });

  it('are reached through links inside the container, never outside of it', async () => {
    await box.sh`echo inside > /tmp/passwd; ln -s /tmp/passwd /tmp/absolute; ln -s ../../../../../../tmp/passwd /tmp/up`;

    expect(await files.read('/tmp/absolute')).toBe('inside\n');
    expect(await files.read('/tmp/up')).toBe('inside\n');
    await files.write('/tmp/absolute', 'changed');
    expect(await files.read('/tmp/passwd')).toBe('changed');
  });

  it('can be large', async () => {
    const large = Buffer.alloc(20_000_000, 'belljar ');
    await files.write('/tmp/large', large);

    expect((await files.stat('/tmp/large')).size).toBe(large.length);
    expect((await files.read('/tmp/large', { encoding: 'buffer' })).equals(large)).toBe(true);
  });

  describe('fail as they do with fs', () => {
    const failures: [string, () => Promise<unknown>, string][] = [
      [
        'reading what is not there',
        () => files.read('/nope'),
        "ENOENT: no such file or directory, open '/nope'",
      ],
      [
        'reading a directory',
        () => files.read('/etc'),
        "EISDIR: illegal operation on a directory, open '/etc'",
      ],
      [
        'a file as a directory',
        () => files.read('/etc/passwd/x'),
        "ENOTDIR: not a directory, open '/etc/passwd/x'",
      ],
      [
        'writing where no directory is',
        () => files.write('/no/x', ''),
        "ENOENT: no such file or directory, open '/no/x'",
      ],
      [
        'writing below a file',
        () => files.write('/etc/passwd/x', ''),
        "ENOTDIR: not a directory, open '/etc/passwd/x'",
      ],
      [
        'writing a directory',
        () => files.write('/etc', ''),
        "EISDIR: illegal operation on a directory, open '/etc'",
      ],
      [
        'looking at what is not there',
        () => files.stat('/nope'),
        "ENOENT: no such file or directory, stat '/nope'",
      ],
      ['listing a file', () => files.list('/etc/passwd'), "ENOTDIR: not a directory, scandir '/etc/passwd'"],
      [
        'listing what is not there',
        () => files.list('/nope'),
        "ENOENT: no such file or directory, scandir '/nope'",
      ],
      ['making what is there', () => files.mkdir('/etc'), "EEXIST: file already exists, mkdir '/etc'"],
      [
        'making below nothing',
        () => files.mkdir('/no/x'),
        "ENOENT: no such file or directory, mkdir '/no/x'",
      ],
      [
        'making below a file',
        () => files.mkdir('/etc/passwd/x'),
        "ENOTDIR: not a directory, mkdir '/etc/passwd/x'",
      ],
      [
        'removing what is not there',
        () => files.remove('/nope'),
        "ENOENT: no such file or directory, rm '/nope'",
      ],
      ['removing a full directory', () => files.remove('/etc'), "ENOTEMPTY: directory not empty, rm '/etc'"],
      [
        'removing the root',
        () => files.remove('/', { recursive: true }),
        "EBUSY: resource busy or locked, rm '/'",
      ],
      [
        'writing what the kernel forbids',
        () => files.write('/sys/kernel/x', ''),
        "EROFS: read-only file system, open '/sys/kernel/x'",
      ],
      ['a name too long', () => files.stat(`/${'n'.repeat(256)}`), 'ENAMETOOLONG: name too long, stat'],
      ['a relative path', () => files.read('etc/passwd'), "EINVAL: invalid argument, open 'etc/passwd'"],
      [
        'a NUL character',
        () => files.read('/etc\0/passwd'),
        "EINVAL: invalid argument, open '/etc\\u0000/passwd'",
      ],
      [
        'a device that never ends',
        () => files.read('/dev/zero'),
        "EINVAL: invalid argument, open '/dev/zero'",
      ],
    ];

    it.each(failures)('%s', async (_, act, message) => {
      const error = await rejectionOf(act(), FileError);

      expect(error.message).toContain(message);
      expect(error.code).toBe(message.split(':')[0]);
    });

    it('with the path and the operation in the error', async () => {
      const error = await rejectionOf(files.read('/a b\nc'), FileError);

      expect(error).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/a b\nc' });
      expect(error.message).toBe("ENOENT: no such file or directory, open '/a b\\nc'");
    });

    it('for links in a circle', async () => {
      await box.$`ln -s circle /tmp/circle`;

      expect(await rejectionOf(files.read('/tmp/circle'), FileError)).toMatchObject({ code: 'ELOOP' });
    });

    it('rather than wait for a fifo', async () => {
      await box.$`mkfifo /tmp/waits`;

      expect(await rejectionOf(files.read('/tmp/waits'), FileError)).toMatchObject({ code: 'EINVAL' });
      expect(await rejectionOf(files.write('/tmp/waits', 'x'), FileError)).toMatchObject({ code: 'EINVAL' });
    });

    it('for options that mean nothing', async () => {
      await rejectionOf(files.write('/tmp/x', 'x', { mode: 0o10000 }), InvalidOptionError);
      await rejectionOf(files.write('/tmp/x', 'x', { owner: 'no such:user' }), InvalidOptionError);
      await rejectionOf(files.write('/tmp/x', 1 as never), InvalidOptionError);
      expect(await files.exists('/tmp/x')).toBe(false);
    });
  });
});
