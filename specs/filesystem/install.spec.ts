import { useContainer } from '../../src';
import { createChanges } from '../../src/filesystem/changes/changes';
import type { Change } from '../../src/filesystem/changes/change';
import { formatChanges } from '../../src/filesystem/serialize';

/** What differs from one day to another: caches, logs, and what package manager and linker note for themselves. */
const bookkeeping = [
  '/var/cache/**',
  '/var/log/**',
  '/var/lib/apt/**',
  '/var/lib/dpkg/**',
  '/etc/ld.so.cache',
  '/tmp/**',
];

/** The lines without sizes and hashes, which come with the package's version. */
function withoutVersions(text: string): string[] {
  return text.split('\n').map((line) =>
    line
      .replace(/ +(\d+|-) \//, ' /')
      .replace(/ {2}#[0-9a-f]{12}/, '')
      .replace(/was .*#[0-9a-f]{12}\)/, 'was other)'),
  );
}

describe('What a real installer did: nginx-light from the distribution', () => {
  const box = useContainer({ scope: 'file' });
  let changes: readonly Change[] = [];
  let lines: string[] = [];

  beforeAll(async () => {
    const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await box.$(quiet)`apt-get update -q`;
    await box.$(quiet)`apt-get install -q -y --no-install-recommends nginx-light`;
    changes = await createChanges(box, box).changes({ ignore: bookkeeping });
    lines = withoutVersions(formatChanges(changes));
  }, 300_000);

  it('reads like ls -l: the program, its configuration, its links', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        '+ -rwxr-xr-x root     root /usr/sbin/nginx',
        '+ drwxr-xr-x root     root /etc/nginx/',
        '+ -rw-r--r-- root     root /etc/nginx/nginx.conf',
        '+ lrwxrwxrwx root     root /etc/nginx/sites-enabled/default -> /etc/nginx/sites-available/default',
        '+ drwxr-xr-x root     root /var/lib/nginx/',
        '+ -rw-r--r-- root     root /var/www/html/index.nginx-debian.html',
        '+ -rw-r--r-- root     root /usr/share/doc/nginx-light/copyright',
      ]),
    );
  });

  it('has nothing outside of where packages belong', () => {
    const places = new Set(changes.map(({ path }) => path.split('/')[1]));

    expect([...places].sort()).toEqual(
      ['etc', 'lib', 'run', 'usr', 'var'].filter((place) => places.has(place)),
    );
    expect(places).toContain('usr');
  });

  it('gives no one new rights: no set-user-id, nothing that all may write', () => {
    const risky = changes.filter(({ after }) => {
      return (
        after !== undefined &&
        after.type !== 'symlink' &&
        ((after.mode & 0o6000) !== 0 || (after.mode & 0o002) !== 0)
      );
    });

    expect(risky.map(({ path }) => path)).toEqual([]);
  });

  it('takes nothing away', () => {
    expect(changes.filter(({ kind }) => kind === 'deleted').map(({ path }) => path)).toEqual([]);
  });

  it('lists every path that docker diff lists but for directories that were only written in', async () => {
    const all = new Set((await createChanges(box, box).changes()).map(({ path }) => path));
    const listed = (await box.docker.changes()) as { Path: string; Kind: number }[];

    const missing = listed.filter(({ Path, Kind }) => Kind !== 0 && !all.has(Path));

    expect(listed.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
  });
});
