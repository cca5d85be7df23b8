import { useContainer } from '../../src';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

/** What an installer does: two files of its own, a line in a file of the system's, and one file less. */
async function install(box: ReturnType<typeof useContainer>): Promise<void> {
  await box.sh`mkdir -p /opt/tool/bin
    printf '#!/bin/sh\n' > /opt/tool/bin/tool; chmod 755 /opt/tool/bin/tool
    ln -s tool /opt/tool/bin/alias
    echo 'export TOOL=1' >> /etc/profile
    chmod 600 /etc/issue
    rm /etc/issue.net`;
}

const everything = ['/opt/tool/**', '/etc/profile', '/etc/issue', '/etc/issue.net'];

describe('toHaveChanged', () => {
  const box = useContainer({ scope: 'file' });
  beforeAll(() => install(box));

  it('passes for a path that was added, modified or deleted', async () => {
    await expect(box).toHaveChanged('/opt/tool/bin/tool');
    await expect(box).toHaveChanged('/opt/tool/bin/tool', {
      kind: 'added',
      type: 'file',
      mode: 0o755,
      size: 10,
    });
    await expect(box).toHaveChanged('/etc/profile', { kind: 'modified', differs: ['content', 'size'] });
    await expect(box).toHaveChanged('/etc/issue', { kind: 'modified', differs: 'mode', mode: 0o600 });
    await expect(box).toHaveChanged('/etc/issue.net', { kind: 'deleted' });
    await expect(box).toHaveChanged('/opt/tool/bin/alias', {
      type: 'symlink',
      target: 'tool',
      owner: 'root',
    });
  });

  it('takes a glob, and passes if one of the changes that it matches is as expected', async () => {
    await expect(box).toHaveChanged('/etc/**', { kind: 'deleted' });
    await expect(box).toHaveChanged('/opt/*/bin/{tool,other}');
    await expect(box).not.toHaveChanged('/etc/**', { kind: 'added' });
    await expect(box).not.toHaveChanged('/usr/**');
  });

  it('does not pass for a change that differs in a named property', async () => {
    await expect(box).not.toHaveChanged('/opt/tool/bin/tool', { kind: 'modified' });
    await expect(box).not.toHaveChanged('/etc/issue', { differs: ['mode', 'content'] });
    await expect(box).not.toHaveChanged('/opt/tool/bin/alias', { target: /other/ });
    await expect(box).not.toHaveChanged('/etc/passwd');
  });

  it('takes a list of changes as well, such as those during a function', async () => {
    const changes = await box.changesDuring(() => box.$`touch /srv/new`);

    await expect(changes).toHaveChanged('/srv/new', { kind: 'added', size: 0 });
    await expect(changes).not.toHaveChanged('/opt/tool/bin/tool');
    await box.$`rm /srv/new`;
  });

  it('fails with the properties of the change, if there is one', async () => {
    const message = await failureOf(
      expect(box).toHaveChanged('/etc/issue', { kind: 'added', mode: 0o644, owner: 'root' }),
    );

    expect(message).toMatch(
      new RegExp(
        [
          '^expect\\(received\\).toHaveChanged\\("/etc/issue", { kind, mode, owner }\\)',
          '',
          'Path: {10}/etc/issue',
          'Expected kind: added',
          'Received kind: modified',
          'Expected mode: 0644 -rw-r--r--',
          'Received mode: 0600 -rw-------',
          '',
          '~ -rw------- root     root  .* /etc/issue .*was mode rw-r--r--.*$',
        ].join('\n'),
      ),
    );
  });

  it('fails with all that has changed, if the path has not', async () => {
    const message = await failureOf(expect(box).toHaveChanged('/etc/profil'));

    expect(message).toContain('Path:     /etc/profil\nExpected: a change\nReceived: no change there');
    expect(message).toMatch(/\n\nSimilar: \/etc\/profile/);
    expect(message).toMatch(/What has changed:\n~ .*\/etc\/issue .*\n- .*\/etc\/issue\.net/);
  });

  it('fails with the changes that match, if none of them is as expected', async () => {
    const message = await failureOf(expect(box).toHaveChanged('/etc/**', { kind: 'added' }));

    expect(message).toContain(
      'Expected: a change with kind added\nReceived: 3 changes there, none of them as expected',
    );
    expect(message).not.toContain('/opt/tool');
  });

  it('fails with the changes that should not be, with .not', async () => {
    const message = await failureOf(
      expect(box).not.toHaveChanged('/opt/tool/**', { kind: 'added', type: 'file' }),
    );

    expect(message).toContain('Expected: no change with kind added, type file\nReceived: 1 change: 1 added');
    expect(message).toMatch(/\n\+ -rwxr-xr-x root .* \/opt\/tool\/bin\/tool .*$/);
  });
});

describe('toHaveChangedOnly', () => {
  const box = useContainer({ scope: 'file' });
  beforeAll(() => install(box));

  it('passes if the list says all that has changed', async () => {
    await expect(box).toHaveChangedOnly(everything);
    await expect(box).toHaveChangedOnly(['/opt/tool/**', '/etc/*']);
  });

  it('does not pass if something else has changed', async () => {
    await expect(box).not.toHaveChangedOnly(['/opt/tool/**']);
    await expect(box).not.toHaveChangedOnly([]);
  });

  it('does not pass if something in the list has not changed, unless it goes into `ignore`', async () => {
    await expect(box).not.toHaveChangedOnly([...everything, '/var/log/**']);
    await expect(box).toHaveChangedOnly(everything, { ignore: '/var/log/**' });
  });

  it('considers only the paths that it is told', async () => {
    await expect(box).toHaveChangedOnly(['/opt/tool/**'], { under: '/opt' });
    await expect(box).toHaveChangedOnly(['/opt/tool/**'], { ignore: ['/etc/**'] });
  });

  it('takes a list of changes as well, which has its options already', async () => {
    const changes = await box.changesDuring(() => box.$`touch /srv/new`);

    await expect(changes).toHaveChangedOnly(['/srv/new']);
    expect(await failureOf(expect(changes).toHaveChangedOnly([], { ignore: '/srv/**' }))).toContain(
      'ignore must be an option of changes() or changesDuring()',
    );
    await box.$`rm /srv/new`;
  });

  it('fails with what was not expected first, then with some of what was', async () => {
    const message = await failureOf(expect(box).toHaveChangedOnly(['/opt/tool/**', '/etc/issue', '/srv/**']));

    expect(message).toMatch(
      new RegExp(
        [
          '^expect\\(received\\).toHaveChangedOnly\\(\\[…\\]\\)',
          '',
          'Expected: changes in each of /opt/tool/\\*\\*, /etc/issue, /srv/\\*\\*, and nowhere else',
          'Received: 2 changes: 1 modified, 1 deleted elsewhere; no change in /srv/\\*\\*',
          '',
          'Not expected:',
          '- .* /etc/issue.net .*',
          '~ .* /etc/profile .*',
          ' {4}@@ .*\\n(?: {5}.*\\n)+ {4}\\+export TOOL=1',
          '',
          'As expected:',
          '~ .* /etc/issue .*',
          '\\+ drwxr-xr-x .* /opt/tool/',
          '\\+ drwxr-xr-x .* /opt/tool/bin/',
          '\\+ lrwxrwxrwx .* /opt/tool/bin/alias -> tool',
          '\\+ -rwxr-xr-x .* /opt/tool/bin/tool .*$',
        ].join('\n'),
      ),
    );
  });

  it('fails with so many changes that they can be read, and the number of the others', async () => {
    await box.sh`mkdir /srv/many; cd /srv/many; i=0; while [ $i -lt 50 ]; do : > file$i; i=$((i+1)); done`;

    const message = await failureOf(expect(box).toHaveChangedOnly(everything));

    expect(message).toContain('Received: 51 changes: 51 added elsewhere');
    expect(message).toContain('… and 21 more');
    expect(message.split('\n').length).toBeLessThan(50);
  });
});

describe('A matcher for changes', () => {
  const box = useContainer();

  it('refuses what can’t be meant, with .not too', async () => {
    const problems = [
      [() => expect(box).not.toHaveChanged('etc/passwd'), 'The path must be an absolute path, or a glob'],
      [
        () => expect(box).not.toHaveChanged('/x', { kid: 'added' } as never),
        'kid is not an option. Did you mean kind? The options are kind',
      ],
      [
        () => expect(box).not.toHaveChanged('/x', { kind: 'created' } as never),
        "kind must be 'added', 'modified', 'deleted' or 'rewritten'",
      ],
      [
        () => expect(box).not.toHaveChanged('/x', { differs: ['mod'] } as never),
        "differs must be 'type', 'mode'",
      ],
      [
        () => expect('box').not.toHaveChanged('/x'),
        'must be a container that belljar started, or what its changes()',
      ],
      [
        () => expect([]).not.toHaveChangedOnly(['/x']),
        'must be a container that belljar started, or what its changes()',
      ],
      [() => expect(box).not.toHaveChangedOnly('/x' as never), 'The paths must be a list'],
      [() => expect(box).not.toHaveChangedOnly(['x']), 'A path must be an absolute path'],
      [
        () => expect(box).not.toHaveChangedOnly([], { ignore: ['x'] }),
        'ignore must be globs of absolute paths',
      ],
    ] as const;
    for (const [assertion, problem] of problems) expect(await failureOf(assertion())).toContain(problem);
  });

  it('still reads a container that is stopped: its files are there', async () => {
    await box.$`touch /srv/new`;
    await box.stop();

    await expect(box).toHaveChangedOnly(['/srv/new']);
  });

  it('can’t read a container that is removed, and so neither passes nor fails', async () => {
    await box.remove();

    for (const expected of [expect(box), expect(box).not]) {
      await expect(expected.toHaveChanged('/x')).rejects.toThrow(/no such container/i);
      await expect(expected.toHaveChangedOnly([])).rejects.toThrow(/no such container/i);
      await expect(expected.toBeUnchanged()).rejects.toThrow(/no such container/i);
    }
  });
});
