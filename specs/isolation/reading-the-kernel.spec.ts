import { beyondDefault } from '../../src/container/options/capabilities';
import { decodeCapabilities } from '../../src/isolation/probe/capabilities';
import { parseMountTable, unexplainedMounts } from '../../src/isolation/probe/mount-table';
import { isWithin } from '../../src/filesystem/path';
import { parseNamespaces } from '../../src/isolation/probe/process';

describe('capabilities', () => {
  it("of a usual container are the engine's default and no more", () => {
    const held = decodeCapabilities('00000000a80425fb');

    expect(held).toHaveLength(14);
    expect(beyondDefault(held)).toEqual([]);
  });

  it('of a privileged container are all there are', () => {
    const held = decodeCapabilities('000001ffffffffff');

    expect(held).toHaveLength(41);
    expect(held).toEqual(expect.arrayContaining(['SYS_ADMIN', 'CHECKPOINT_RESTORE']));
    expect(beyondDefault(held)).toHaveLength(27);
  });

  it('that a newer kernel has are told by their number', () => {
    expect(decodeCapabilities('0000100000000000')).toEqual(['number 44']);
  });

  it('are named with and without CAP_, in any case', () => {
    expect(beyondDefault(['CAP_CHOWN', 'cap_sys_admin', 'ALL'])).toEqual(['SYS_ADMIN', 'ALL']);
  });
});

describe('the mount table', () => {
  const usual = [
    '71 47 0:38 / / rw,relatime master:2 - overlay overlay rw,lowerdir=/a',
    '72 71 0:41 / /proc rw,nosuid - proc proc rw',
    '87 73 0:46 / /dev/shm rw - tmpfs shm rw,size=65536k',
    '88 71 254:0 /var/lib/docker/containers/3c/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw',
  ];

  it("of Podman has one file more of the engine's", () => {
    const line =
      '812 790 254:0 /run/overlay-containers/1473/userdata/.containerenv /run/.containerenv rw - ext4 /dev/vda rw';

    expect(unexplainedMounts(parseMountTable([...usual, line].join('\n')), [])).toEqual([]);
  });

  it('of a usual container has nothing unexplained', () => {
    expect(unexplainedMounts(parseMountTable(usual.join('\n')), [])).toEqual([]);
  });

  it("shows a disk of the host's that was mounted inside, and no engine knows of", () => {
    const table = parseMountTable([...usual, '99 71 254:0 / /mnt/a\\040b rw - ext4 /dev/vda rw'].join('\n'));

    expect(unexplainedMounts(table, ['/data'])).toEqual([
      {
        device: '254:0',
        root: '/',
        point: '/mnt/a b',
        type: 'ext4',
        source: '/dev/vda',
        isReadOnly: false,
      },
    ]);
  });

  it('explains what the engine lists', () => {
    const table = parseMountTable('99 71 254:0 /srv /data rw shared:1 - ext4 /dev/vda rw');

    expect(unexplainedMounts(table, ['/data'])).toEqual([]);
  });
});

describe('namespaces', () => {
  it('are read from what ls prints, and nothing else is', () => {
    const listing = [
      'total 0',
      'lrwxrwxrwx 1 root root 0 Nov 24 11:07 net -> net:[4026532183]',
      'lrwxrwxrwx 1 root root 0 Nov 24 11:07 pid -> pid:[4026532182]',
      'lrwxrwxrwx 1 root root 0 Nov 24 11:07 pid_for_children -> pid:[1]',
    ].join('\n');

    expect([...parseNamespaces(listing)]).toEqual([
      ['pid', '4026532182'],
      ['net', '4026532183'],
    ]);
  });
});

describe('a path within another', () => {
  it.each([
    ['/run/docker.sock', '/', true],
    ['/run/docker.sock', '/run', true],
    ['/run/docker.sock', '/run/docker.sock', true],
    ['/run/docker.sock', '/run/docker', false],
    ['/run', '/run/docker.sock', false],
    ['/a/..b', '/a', true],
    ['/run/docker.sock', '/run/', true],
    ['/run', '/run/', true],
  ])('%s within %s: %s', (path, ancestor, expected) => {
    expect(isWithin(path, ancestor)).toBe(expected);
  });
});
