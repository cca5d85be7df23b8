import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { startContainer, useContainer, type Box } from '../../src';
import { noView } from '../../src/filesystem/host-view/root-view';
import { createFiles } from '../../src/filesystem/files';
import { failureOf } from '../../tooling/spec-helpers/failure-of';
import { withMembers } from '../../tooling/spec-helpers/with-members';
import { itAsRootBesideEngine } from '../../tooling/spec-helpers/modes';

const tool = '/opt/my app/bin/tool';
const script = '#!/bin/sh\necho one\necho two\nexit 0\n';

/** What the specs below look at. */
async function furnish(box: ReturnType<typeof useContainer>): Promise<void> {
  await box.files.mkdir('/opt/my app/bin', { recursive: true });
  await box.files.write(tool, script, { mode: 0o755 });
  await box.files.write('/opt/private', 'secret\n', { mode: 0o4750, owner: 'nobody', group: 'daemon' });
  await box.files.write('/opt/binary', Buffer.from('7f454c4600ff02', 'hex'));
  await box.sh`chown 4321:8765 /opt/binary; ln -s 'my app' /opt/link; ln -s /nowhere /opt/dangling`;
}

describe('toHaveFile', () => {
  const box = useContainer({ scope: 'file' });
  beforeAll(() => furnish(box));

  it('passes for a regular file, also behind a symbolic link, and for nothing else', async () => {
    await expect(box).toHaveFile(tool);
    await expect(box).toHaveFile('/opt/link/bin/tool');
    await expect(box).toHaveFile(Buffer.from(tool));
    await expect(box).not.toHaveFile('/opt/my app');
    await expect(box).not.toHaveFile('/opt/dangling');
    await expect(box).not.toHaveFile('/opt/missing');
    await expect(box).not.toHaveFile('/opt/private/below');
    await expect(box).not.toHaveFile('/dev/null');
  });

  it('compares the mode with its special bits', async () => {
    await expect(box).toHaveFile(tool, { mode: 0o755 });
    await expect(box).toHaveFile('/opt/private', { mode: 0o4750 });
    await expect(box).not.toHaveFile('/opt/private', { mode: 0o750 });
  });

  it('takes an owner and a group by name or by id, named in the container or not', async () => {
    await expect(box).toHaveFile('/opt/private', { owner: 'nobody', group: 'daemon' });
    await expect(box).toHaveFile('/opt/private', { owner: 65534, group: 1 });
    await expect(box).toHaveFile('/opt/binary', { owner: 4321, group: '8765' });
    await expect(box).not.toHaveFile('/opt/private', { owner: 'root' });
    await expect(box).not.toHaveFile('/opt/binary', { group: 'nosuchgroup' });
  });

  it('compares size and hash', async () => {
    const sha256 = createHash('sha256').update(script).digest('hex');

    await expect(box).toHaveFile(tool, { size: script.length, sha256 });
    await expect(box).toHaveFile(tool, { sha256: `sha256:${sha256.toUpperCase()}` });
    await expect(box).not.toHaveFile(tool, { size: script.length + 1 });
    await expect(box).not.toHaveFile(tool, {
      sha256: sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    });
  });

  it('compares the content with text, bytes or a pattern', async () => {
    await expect(box).toHaveFile(tool, { content: script });
    await expect(box).toHaveFile(tool, { content: /^echo two$/m });
    await expect(box).toHaveFile('/opt/binary', { content: Buffer.from('7f454c4600ff02', 'hex') });
    await expect(box).not.toHaveFile(tool, { content: script.trimEnd() });
    await expect(box).not.toHaveFile(tool, { content: /three/ });
    await expect(box).not.toHaveFile('/opt/binary', { content: '\u007fELF\0\ufffd\u0002' });
  });

  it('takes a pattern of another realm, as test files hand it to a belljar outside of their sandbox', async () => {
    const pattern = runInNewContext('/two/g') as RegExp;

    await expect(box).toHaveFile(tool, { content: pattern });
    await expect(box).toHaveFile(tool, { content: pattern });
    await expect(box.$`echo two`).toPrint(pattern);
  });

  it('takes Jest’s asymmetric matchers', async () => {
    await expect(box).toHaveFile(tool, {
      content: expect.stringContaining('two') as never,
      size: expect.any(Number) as never,
      owner: expect.stringMatching(/^ro/) as never,
    });
    await expect(box).not.toHaveFile(tool, { content: expect.stringContaining('three') as never });
  });

  it('asks the container’s kernel who may execute a file, the directories on the way included', async () => {
    await box.files.mkdir('/opt/closed', { mode: 0o700 });
    await box.files.write('/opt/closed/tool', script, { mode: 0o755 });
    await box.files.write('/opt/for-daemon', script, { mode: 0o710, group: 'daemon' });

    await expect(box).toHaveFile(tool, { executableBy: 'nobody' });
    await expect(box).toHaveFile('/opt/closed/tool', { executableBy: 'root' });
    await expect(box).toHaveFile('/opt/for-daemon', { executableBy: 'daemon' });
    await expect(box).not.toHaveFile('/opt/closed/tool', { executableBy: 'nobody' });
    await expect(box).not.toHaveFile('/opt/for-daemon', { executableBy: 'nobody' });
    await expect(box).not.toHaveFile('/opt/binary', { executableBy: 'root' });
  });

  it('with .not passes for a file that differs in at least one named property', async () => {
    await expect(box).not.toHaveFile(tool, { mode: 0o755, owner: 'nobody' });
  });
});

describe('A failing toHaveFile', () => {
  const box = useContainer({ scope: 'file' });
  beforeAll(() => furnish(box));

  it('says what was expected and found of all that differs, shows the file, and names what is as expected', async () => {
    const message = await failureOf(
      expect(box).toHaveFile('/opt/private', { mode: 0o755, owner: 'root', group: 'daemon', size: 8 }),
    );

    expect(message).toBe(
      [
        'expect(received).toHaveFile("/opt/private", { mode, owner, group, size })',
        '',
        'Path:           /opt/private',
        'Expected mode:  0755 -rwxr-xr-x',
        'Received mode:  4750 -rwsr-x---',
        'Expected owner: root',
        'Received owner: nobody (65534)',
        'Expected size:  8',
        'Received size:  7',
        '',
        '-rwsr-x--- nobody daemon 7 /opt/private',
        '',
        'As expected: group',
      ].join('\n'),
    );
  });

  it('shows content of several lines as a difference', async () => {
    const message = await failureOf(
      expect(box).toHaveFile(tool, { content: script.replace('two', 'three') }),
    );

    expect(message).toBe(
      [
        'expect(received).toHaveFile("/opt/my app/bin/tool", { content })',
        '',
        'Path: /opt/my app/bin/tool',
        '',
        '-rwxr-xr-x root root 35 /opt/my app/bin/tool',
        '',
        '- Expected content',
        '+ Received content',
        '',
        '  #!/bin/sh',
        '  echo one',
        '- echo three',
        '+ echo two',
        '  exit 0',
      ].join('\n'),
    );
  });

  it('shows a short content in quotes, so that a missing newline can be seen', async () => {
    const message = await failureOf(expect(box).toHaveFile('/opt/private', { content: 'secret' }));

    expect(message).toContain('Expected content: "secret"\nReceived content: "secret\\n"');
  });

  it('shows bytes of content that is not text, from where they differ', async () => {
    const content = Buffer.from('7f454c46000102', 'hex');

    expect(await failureOf(expect(box).toHaveFile('/opt/binary', { content }))).toContain(
      'Expected content: 7 bytes, from byte 5: 01 02\nReceived content: 7 bytes, from byte 5: ff 02',
    );
  });

  it('shows the first differing line of contents that are too long for more', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    await box.files.write('/opt/long', lines.join('\n'));
    lines[15_000] = 'another';

    const message = await failureOf(expect(box).toHaveFile('/opt/long', { content: lines.join('\n') }));

    expect(message).toContain(
      'They first differ in line 15001:\n  expected "another"\n  received "line 15000"',
    );
    expect(message.length).toBeLessThan(1000);
  });

  it('makes control characters of a file harmless', async () => {
    await box.files.write('/opt/escape', '\u001b[2Jgone');

    const message = await failureOf(expect(box).toHaveFile('/opt/escape', { content: 'x' }));

    expect(message).toContain('Received content: "\\u001b[2Jgone"');
  });

  it('shows what is in the directory that the file is missing from, and names that are like it', async () => {
    const message = await failureOf(expect(box).toHaveFile('/opt/my app/bin/tol'));

    expect(message).toBe(
      [
        'expect(received).toHaveFile("/opt/my app/bin/tol")',
        '',
        'Path:     /opt/my app/bin/tol',
        'Expected: a file',
        'Received: nothing',
        '',
        '/opt/my app/bin has:',
        '  tool',
        '  Similar: tool',
      ].join('\n'),
    );
  });

  it('shows the first directory on the way that is missing', async () => {
    const message = await failureOf(expect(box).toHaveFile('/opt/my app/sbin/tool'));

    expect(message).toContain('There is no /opt/my app/sbin. /opt/my app has:\n  bin\n  Similar: bin');
  });

  it('shows a few names of a directory that has many, and finds the similar ones among all', async () => {
    const message = await failureOf(expect(box).toHaveFile('/etc/pasword'));

    expect(message).toMatch(/\n {2}… and \d+ more\n {2}Similar: .*passwd/);
    expect(message.split('\n').length).toBeLessThan(25);
  });

  it('shows the file that is where a directory was expected', async () => {
    const message = await failureOf(expect(box).toHaveFile('/opt/private/below'));

    expect(message).toContain('/opt/private is not a directory:\n  -rwsr-x--- nobody daemon 7 /opt/private');
  });

  it('shows the symbolic link that leads to nothing, or to something else', async () => {
    expect(await failureOf(expect(box).toHaveFile('/opt/dangling'))).toContain(
      'Received: a symbolic link that leads to nothing\n\nlrwxrwxrwx root root 8 /opt/dangling -> /nowhere',
    );
    expect(await failureOf(expect(box).toHaveFile('/opt/link'))).toMatch(
      /Received: a directory\n\nlrwxrwxrwx root root 6 \/opt\/link -> my app\nwhich leads to\ndrwxr-xr-x root root \d+ \/opt\/link$/,
    );
  });

  it('shows what keeps a user from executing the file', async () => {
    await box.files.mkdir('/opt/closed', { mode: 0o700 });
    await box.files.write('/opt/closed/tool', script, { mode: 0o755 });

    const message = await failureOf(expect(box).toHaveFile('/opt/closed/tool', { executableBy: 'nobody' }));

    expect(message).toContain('Received executableBy: nobody may not enter /opt/closed');
    expect(message).toMatch(/drwx------ root root \d+ \/opt\/closed\nuid=65534\(nobody\)/);
  });

  it('suspects a mode that was written in decimal', async () => {
    const message = await failureOf(expect(box).toHaveFile(tool, { mode: 755 }));

    expect(message).toContain('Expected mode: 1363 --wxrw--wt, which is 755 in decimal: 0o755 was meant?');
  });

  it('says what should not be there, with .not', async () => {
    const message = await failureOf(expect(box).not.toHaveFile(tool, { mode: 0o755, owner: 'root' }));

    expect(message).toBe(
      [
        'expect(received).not.toHaveFile("/opt/my app/bin/tool", { mode, owner })',
        '',
        'Path:     /opt/my app/bin/tool',
        'Expected: no file with mode 0755 -rwxr-xr-x, owner root',
        'Received: a file',
        '',
        '-rwxr-xr-x root root 35 /opt/my app/bin/tool',
      ].join('\n'),
    );
  });
});

describe('toHaveDirectory', () => {
  const box = useContainer({ scope: 'file' });
  beforeAll(() => furnish(box));

  it('passes for a directory, also behind a symbolic link, and for nothing else', async () => {
    await expect(box).toHaveDirectory('/opt/my app', { mode: 0o755, owner: 'root', group: 0 });
    await expect(box).toHaveDirectory('/opt/link');
    await expect(box).toHaveDirectory('/opt/my app/');
    await expect(box).toHaveDirectory('/');
    await expect(box).not.toHaveDirectory('/opt/my app', { mode: 0o700 });
    await expect(box).not.toHaveDirectory(tool);
    await expect(box).not.toHaveDirectory('/opt/missing');
  });

  it('compares the names in it, in any order', async () => {
    await expect(box).toHaveDirectory('/opt', {
      entries: ['private', 'my app', 'link', 'dangling', 'binary'],
    });
    await expect(box).toHaveDirectory('/opt', { entries: expect.arrayContaining(['link']) as never });
    await expect(box).not.toHaveDirectory('/opt', { entries: ['link'] });
  });

  it('fails with what was expected, found, and the directory', async () => {
    const message = await failureOf(
      expect(box).toHaveDirectory('/opt/my app', { mode: 0o1777, entries: ['bin', 'lib'] }),
    );

    expect(message).toMatch(
      new RegExp(
        [
          '^expect\\(received\\).toHaveDirectory\\("/opt/my app", { mode, entries }\\)',
          '',
          'Path: {13}/opt/my app',
          'Expected mode: {4}1777 drwxrwxrwt',
          'Received mode: {4}0755 drwxr-xr-x',
          'Expected entries: bin, lib',
          'Received entries: bin',
          '',
          'drwxr-xr-x root root \\d+ /opt/my app$',
        ].join('\n'),
      ),
    );
  });

  it('fails with what is there in its place', async () => {
    expect(await failureOf(expect(box).toHaveDirectory('/opt/private'))).toContain(
      'Expected: a directory\nReceived: a file\n\n-rwsr-x--- nobody daemon 7 /opt/private',
    );
    expect(await failureOf(expect(box).not.toHaveDirectory('/opt'))).toContain('Expected: no directory');
  });
});

describe('toHaveSymlink', () => {
  const box = useContainer({ scope: 'file' });
  beforeAll(() => furnish(box));

  it('passes for a symbolic link, whether or not it leads to anything, and for nothing else', async () => {
    await expect(box).toHaveSymlink('/opt/link');
    await expect(box).toHaveSymlink('/opt/dangling');
    await expect(box).not.toHaveSymlink('/opt/my app');
    await expect(box).not.toHaveSymlink('/opt/missing');
  });

  it('compares where it points, exactly as it is written, or with a pattern', async () => {
    await expect(box).toHaveSymlink('/opt/link', 'my app');
    await expect(box).toHaveSymlink('/opt/link', /^my/);
    await expect(box).toHaveSymlink('/opt/link', { target: 'my app', owner: 'root', group: 'root' });
    await expect(box).toHaveSymlink('/opt/link', expect.stringContaining('app') as never);
    await expect(box).not.toHaveSymlink('/opt/link', '/opt/my app');
    await expect(box).not.toHaveSymlink('/opt/link', { target: 'my app', owner: 'nobody' });
  });

  it('fails with where it points', async () => {
    expect(await failureOf(expect(box).toHaveSymlink('/opt/link', '/srv'))).toBe(
      [
        'expect(received).toHaveSymlink("/opt/link", { target })',
        '',
        'Path:            /opt/link',
        'Expected target: /srv',
        'Received target: my app',
        '',
        'lrwxrwxrwx root root 6 /opt/link -> my app',
      ].join('\n'),
    );
    expect(await failureOf(expect(box).toHaveSymlink('/opt/private'))).toContain(
      'Expected: a symbolic link\nReceived: a file',
    );
  });
});

describe('A matcher for paths', () => {
  const box = useContainer();

  it('refuses options that it does not have or can’t use: they would be assertions that no matcher makes', async () => {
    const misused = [
      [{ moed: 0o755 }, 'moed is not an option. Did you mean mode? The options are mode, owner'],
      [{ mode: '0755' }, 'mode must be permission bits'],
      [{ mode: 0o10000 }, 'mode must be permission bits'],
      [{ owner: '' }, 'owner must be a name in the container, or a numeric id'],
      [{ size: -1 }, 'size must be a number of bytes'],
      [{ content: 5 }, 'content must be a string, bytes or a RegExp'],
      [{ sha256: 'abc' }, 'sha256 must be 64 hexadecimal digits'],
      [{ executableBy: 'nosuchuser' }, 'executableBy must be a user that the container has'],
      ['0755', 'The options must be an object'],
    ] as const;
    for (const [options, problem] of misused) {
      expect(await failureOf(expect(box).toHaveFile('/etc/passwd', options as never))).toContain(problem);
      expect(await failureOf(expect(box).not.toHaveFile('/etc/passwd', options as never))).toContain(problem);
    }
  });

  it('refuses a path that is not absolute, and what is not a container', async () => {
    expect(await failureOf(expect(box).not.toHaveFile('etc/passwd'))).toContain(
      'a path in a container is absolute',
    );
    expect(await failureOf(expect('box').not.toHaveFile('/etc/passwd'))).toContain('must be a container');
    expect(await failureOf(expect(Promise.resolve(box)).not.toHaveDirectory('/etc'))).toContain(
      'must be a container',
    );
  });

  it.each(['stopped', 'removed'] as const)(
    'can’t look into a container that is %s, and so neither passes nor fails',
    async (state) => {
      if (state === 'stopped') await box.stop();
      if (state === 'removed') await box.remove();

      for (const expected of [expect(box), expect(box).not]) {
        await expect(expected.toHaveFile('/x')).rejects.toThrow(/is not running|was removed/);
        await expect(expected.toHaveDirectory('/x')).rejects.toThrow(/is not running|was removed/);
        await expect(expected.toHaveSymlink('/x')).rejects.toThrow(/is not running|was removed/);
      }
    },
  );

  itAsRootBesideEngine(
    'reads a container that can run nothing from outside, or else neither passes nor fails',
    async () => {
      await using paused = await startContainer();
      await using shellless = await startContainer();
      // An engine that is told to pause while it starts something hangs: what was started ahead must be there.
      await paused.$`true`;
      await paused.docker.pause();
      await shellless.sh`mv "$(readlink -f /bin/sh)" /tmp/sh`;

      for (const seen of [paused, shellless]) {
        await expect(seen).toHaveFile('/etc/passwd', { owner: 'root' });
        await expect(seen).not.toHaveFile('/x');
      }

      await expect(expect(fromInside(paused)).not.toHaveFile('/x')).rejects.toThrow(/is not running/);
      // The engine's archive shows a single path without a shell.
      await expect(fromInside(shellless)).not.toHaveFile('/x');
    },
  );
});

/** As it is with an engine on another machine. */
function fromInside(box: Box): Box {
  return withMembers(box, { files: createFiles(box, box, noView) });
}
