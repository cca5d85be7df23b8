import { useContainer } from '../../src';
import type { Change } from '../../src/filesystem/changes/change';
import { createChanges } from '../../src/filesystem/changes/changes';
import { createFiles } from '../../src/filesystem/files';
import { formatChanges } from '../../src/filesystem/changes/format';
import { InvalidOptionError } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('The changes of a container', () => {
  const box = useContainer({ scope: 'file' });
  const files = createFiles(box, box);
  const reader = createChanges(box);
  const viaReader = createChanges(box, 'reader');
  const viaEngine = createChanges(box, 'export');

  /** What a script changed, among all that others did before. */
  async function changesBy(script: string): Promise<readonly Change[]> {
    const before = await reader.changes();
    const known = new Map(before.map((change) => [change.path, JSON.stringify(change)]));
    await box.run('/bin/sh', ['-e', '-c', script]);
    const changes = await reader.changes();
    return changes.filter((change) => known.get(change.path) !== JSON.stringify(change));
  }

  const kinds = (changes: readonly Change[]) => changes.map(({ kind, path }) => `${kind} ${path}`);

  it('are none before anything was done', async () => {
    expect(await reader.changes()).toEqual([]);
  });

  it('name an added file with its type, mode, owner, size and hash, and not the directory that it is in', async () => {
    const changes = await changesBy(
      'printf hello > /opt/new; chown nobody:daemon /opt/new; chmod 4750 /opt/new',
    );

    expect(changes).toEqual([
      {
        path: '/opt/new',
        kind: 'added',
        differs: [],
        after: {
          type: 'file',
          mode: 0o4750,
          uid: 65534,
          gid: 1,
          owner: 'nobody',
          group: 'daemon',
          size: 5,
          sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        },
      },
    ]);
  });

  it('give the old values of a modified file beside the new ones', async () => {
    const [change, ...others] = await changesBy('echo more >> /etc/issue');

    expect(others).toEqual([]);
    expect(change).toMatchObject({ path: '/etc/issue', kind: 'modified', differs: ['size', 'content'] });
    expect(change?.after?.size).toBe((change?.before?.size ?? 0) + 5);
  });

  it('tell a change of mode, of owner and of group apart', async () => {
    const changes = await changesBy(
      'chmod 600 /etc/debian_version; chown nobody /etc/bash.bashrc; chgrp daemon /etc/profile',
    );

    expect(changes.map(({ path, differs }) => [path, differs])).toEqual([
      ['/etc/bash.bashrc', ['owner']],
      ['/etc/debian_version', ['mode']],
      ['/etc/profile', ['group']],
    ]);
    expect(changes[1]).toMatchObject({ before: { mode: 0o644 }, after: { mode: 0o600 } });
  });

  it('tell a directory whose mode changed from one that was only written in', async () => {
    const changes = await changesBy('chmod 700 /var/mail; touch /srv/in');

    expect(kinds(changes)).toEqual(['added /srv/in', 'modified /var/mail']);
  });

  it('tell a file that was rewritten with the same bytes from one that was not touched', async () => {
    const changes = await changesBy(
      'cat /etc/host.conf > /tmp/h; cat /tmp/h > /etc/host.conf; rm /tmp/h; cat /etc/networks || true',
    );

    expect(kinds(changes)).toEqual(['rewritten /etc/host.conf']);
  });

  it('name everything that was in a deleted directory', async () => {
    const changes = await changesBy('rm -rf /etc/skel');

    expect(kinds(changes)).toEqual([
      'deleted /etc/skel',
      'deleted /etc/skel/.bash_logout',
      'deleted /etc/skel/.bashrc',
      'deleted /etc/skel/.profile',
    ]);
    expect(changes[1]?.before).toMatchObject({ type: 'file', mode: 0o644, owner: 'root' });
  });

  it('see through a directory that was deleted and made again', async () => {
    const changes = await changesBy(
      'rm -rf /etc/pam.d; mkdir /etc/pam.d; echo new > /etc/pam.d/login; echo x > /etc/pam.d/mine',
    );

    expect(kinds(changes)).toEqual(
      expect.arrayContaining(['deleted /etc/pam.d/su', 'added /etc/pam.d/mine', 'modified /etc/pam.d/login']),
    );
    expect(kinds(changes)).not.toContain('modified /etc/pam.d');
  });

  it('tell a file that became a directory, and a directory that became a file', async () => {
    const changes = await changesBy(
      'rm /etc/environment; mkdir /etc/environment; touch /etc/environment/x; rm -r /etc/cron.daily; touch /etc/cron.daily',
    );

    expect(changes.find(({ path }) => path === '/etc/environment')).toMatchObject({
      kind: 'modified',
      before: { type: 'file' },
      after: { type: 'directory' },
    });
    expect(changes.find(({ path }) => path === '/etc/cron.daily')).toMatchObject({
      before: { type: 'directory' },
      after: { type: 'file' },
    });
    expect(kinds(changes)).toEqual(
      expect.arrayContaining(['added /etc/environment/x', 'deleted /etc/cron.daily/dpkg']),
    );
  });

  it('name links with their targets, old and new', async () => {
    const changes = await changesBy(
      'ln -s /etc/passwd /opt/link; ln -sfn /usr/share/zoneinfo/UTC /etc/alternatives/pager',
    );

    expect(changes).toMatchObject([
      { path: '/etc/alternatives/pager', differs: ['target'], after: { target: '/usr/share/zoneinfo/UTC' } },
      { path: '/opt/link', kind: 'added', after: { type: 'symlink', target: '/etc/passwd' } },
    ]);
  });

  it('name hard links by the file that they share', async () => {
    const changes = await changesBy('ln /etc/shells /opt/second; echo x > /opt/a; ln /opt/a /opt/b');

    expect(changes).toMatchObject([
      { path: '/etc/shells', kind: 'modified', differs: ['links'], after: { linkedWith: ['/opt/second'] } },
      { path: '/opt/a', after: { linkedWith: ['/opt/b'] } },
      { path: '/opt/b', after: { linkedWith: ['/opt/a'] } },
      { path: '/opt/second', after: { linkedWith: ['/etc/shells'] } },
    ]);
  });

  it('name special files', async () => {
    const changes = await changesBy('mkfifo /opt/fifo; mknod /opt/null c 1 3');

    expect(changes).toMatchObject([
      { after: { type: 'fifo' } },
      { after: { type: 'character-device', device: '1:3' } },
    ]);
  });

  it('take a move for a deletion and an addition of the same content', async () => {
    const changes = await changesBy('mv /etc/gai.conf /opt/moved.conf');

    expect(changes).toMatchObject([
      { path: '/etc/gai.conf', kind: 'deleted', renamedTo: '/opt/moved.conf' },
      { path: '/opt/moved.conf', kind: 'added', renamedFrom: '/etc/gai.conf' },
    ]);
  });

  it('see a capability, which no mode shows', async () => {
    const capability = '0100000200040000000000000000000000000000';
    const changes = await changesBy(
      `perl -e '$v = pack("H*", "${capability}"); $p = "/usr/bin/env"; $n = "security.capability"; ` +
        `syscall(188, $p, $n, $v, length $v, 0) == 0 or die "$!"'`,
    );

    expect(changes).toMatchObject([
      { path: '/usr/bin/env', differs: ['xattrs'], after: { xattrs: { 'security.capability': capability } } },
    ]);
  });

  it('keep names apart that are no UTF-8, and any others', async () => {
    const changes = await changesBy(
      `cd /opt; touch "$(printf '\\377')" "$(printf '\\376')" 'a b' "$(printf 'c\\nd')" -- -e`,
    );

    expect(changes.map(({ path }) => path)).toEqual([
      '/opt/-e',
      '/opt/a b',
      '/opt/c\nd',
      '/opt/\udcfe',
      '/opt/\udcff',
    ]);
  });

  it('leave out what is ignored, and what is not under a path', async () => {
    await box.sh`mkdir -p /opt/tree/cache; touch /opt/tree/a /opt/tree/cache/b /opt/tree/c.log`;

    const changes = await reader.changes({
      under: '/opt/tree/',
      ignore: ['/opt/tree/cache/**', '/**/*.log'],
    });

    expect(kinds(changes)).toEqual(['added /opt/tree', 'added /opt/tree/a']);
  });

  it('refuse globs and paths that can match nothing', async () => {
    await rejectionOf(reader.changes({ ignore: 'cache/*' }), InvalidOptionError);
    await rejectionOf(reader.changes({ under: 'etc' }), InvalidOptionError);
  });

  it('show what changed in text files, if that is asked for', async () => {
    await box.sh`printf 'one\ntwo\n' > /opt/text; printf '\000' > /opt/binary; sed -i 's/nobody/somebody/' /etc/group- /etc/passwd-; rm /etc/rmt -f; rm /etc/libaudit.conf`;

    const changes = await reader.changes({ content: true, ignore: '/opt/tree/**' });
    const diffOf = (path: string) => changes.find((change) => change.path === path)?.diff;

    expect(diffOf('/opt/text')).toBe('--- /dev/null\n+++ /opt/text\n@@ -0,0 +1,2 @@\n+one\n+two\n');
    expect(diffOf('/opt/binary')).toBeUndefined();
    expect(diffOf('/etc/passwd-')).toMatch(/^-nobody:.*\n\+somebody:/m);
    expect(diffOf('/etc/libaudit.conf')).toMatch(/^--- \/etc\/libaudit.conf\n\+\+\+ \/dev\/null\n/);
    expect(diffOf('/etc/debian_version')).toBeUndefined();
    expect(formatChanges(changes)).toContain('    +two');
  });

  it('can be only those during a piece of work', async () => {
    await files.write('/opt/before', 'x');

    const changes = await reader.changesDuring(
      async () => {
        await files.append('/opt/before', 'y');
        await files.write('/opt/during', 'z');
        await files.remove('/opt/text');
      },
      { content: true },
    );

    expect(kinds(changes)).toEqual(['modified /opt/before', 'added /opt/during', 'deleted /opt/text']);
    expect(changes[0]).toMatchObject({ before: { size: 1 }, after: { size: 2 } });
    expect(changes[0]?.diff).toContain('\n-x\n');
    expect(changes[2]?.diff).toContain('\n-one\n');
  });

  it('are nothing during work that undid itself', async () => {
    expect(
      await reader.changesDuring(
        () => box.sh`touch /opt/x; chmod 700 /opt/tree; rm /opt/x; chmod 755 /opt/tree`,
      ),
    ).toEqual([]);
  });

  it('are the same from the overlay’s own directory, from a layer reader and from the engine’s export', async () => {
    await box.$`chmod 711 /`;

    const [direct, read, exported] = [
      await reader.changes({ content: true }),
      await viaReader.changes({ content: true }),
      await viaEngine.changes({ content: true }),
    ];

    expect(direct.length).toBeGreaterThan(50);
    expect(read).toEqual(direct);
    expect(exported).toEqual(direct);
    expect(kinds(direct)).toContain('modified /');
  });

  it('can still be read when the container has stopped', async () => {
    const before = await reader.changes();
    await box.stop();

    expect(await reader.changes()).toEqual(before);
  });
});
