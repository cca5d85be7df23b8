import type { Change } from '../../src/filesystem/changes/change';
import { changesSerializer, formatChanges } from '../../src/filesystem/changes/format';
import { brand } from '../../src/support/brand';

const file = {
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 12,
  sha256: 'ab'.repeat(32),
} as const;

describe('Changes in a snapshot', () => {
  const changes: Change[] = [
    {
      path: '/opt/z',
      kind: 'added',
      differs: [],
      after: { ...file, mode: 0o4755, owner: undefined, uid: 4711 },
    },
    {
      path: '/opt',
      kind: 'added',
      differs: [],
      after: { type: 'directory', mode: 0o1777, uid: 0, gid: 0, owner: 'root', group: 'root' },
    },
    {
      path: '/opt/l',
      kind: 'added',
      differs: [],
      after: { type: 'symlink', mode: 0o777, uid: 0, gid: 0, owner: 'root', group: 'root', target: '/a b' },
    },
    {
      path: '/etc/m',
      kind: 'modified',
      differs: ['mode', 'size', 'content'],
      before: { ...file, mode: 0o600, size: 9, sha256: 'cd'.repeat(32) },
      after: file,
      diff: '--- /etc/m\n+++ /etc/m\n@@ -1 +1 @@\n-a\n+b\n',
    },
    { path: '/etc/d\n\u001b[31m\udcff', kind: 'deleted', differs: [], before: file, renamedTo: '/opt/new' },
    { path: '/etc/r', kind: 'rewritten', differs: [], before: file, after: file },
    {
      path: '/dev-null',
      kind: 'added',
      differs: [],
      after: {
        type: 'character-device',
        mode: 0o666,
        uid: 0,
        gid: 0,
        device: '1:3',
        xattrs: { 'user.x': '00' },
      },
    },
  ];

  it('are a sorted list in the manner of ls -l, with what was beside what is', () => {
    expect(formatChanges(changes)).toBe(
      [
        '+ crw-rw-rw- 0        0              1:3 /dev-null  (user.x=00)',
        '- -rw-r--r-- root     root            12 /etc/d\\n\\u001b[31m\\xff  #abababababab  (same content as added /opt/new)',
        '~ -rw-r--r-- root     root            12 /etc/m  #abababababab  (was mode rw-------, size 9, #cdcdcdcdcdcd)',
        '    --- /etc/m',
        '    +++ /etc/m',
        '    @@ -1 +1 @@',
        '    -a',
        '    +b',
        '= -rw-r--r-- root     root            12 /etc/r  #abababababab  (rewritten, nothing changed)',
        '+ drwxrwxrwt root     root             - /opt/',
        '+ lrwxrwxrwx root     root             - /opt/l -> /a b',
        '+ -rwsr-xr-x 4711     root            12 /opt/z  #abababababab',
      ].join('\n'),
    );
  });

  it('say so if there are none', () => {
    expect(formatChanges([])).toBe('(no changes)');
  });

  it('are recognized by the serializer, and other lists are not', () => {
    expect(changesSerializer.test(brand([], 'changes'))).toBe(true);
    expect(changesSerializer.test([])).toBe(false);
    expect(changesSerializer.serialize(brand([...changes], 'changes'))).toBe(formatChanges(changes));
  });
});
