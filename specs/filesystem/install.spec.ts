import { useContainer } from '../../src';
import type { Change } from '../../src/filesystem/changes/change';
import { formatChanges } from '../../src/filesystem/changes/format';

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

/** Paths by which someone may do more than before: set-user-id, set-group-id, and what all may write. */
function risky(changes: readonly Change[]): string[] {
  const found = changes.filter(({ after }) => {
    return (
      after !== undefined &&
      after.type !== 'symlink' &&
      ((after.mode & 0o6000) !== 0 || (after.mode & 0o002) !== 0)
    );
  });
  return found.map(({ path }) => path);
}

function pathsOf(wanted: Change['kind'], changes: readonly Change[]): string[] {
  return changes.filter(({ kind }) => kind === wanted).map(({ path }) => path);
}

describe('What real installers did', () => {
  const box = useContainer({ scope: 'file' });
  let nginx: readonly Change[] = [];
  let postgresql: readonly Change[] = [];
  let openjdk: readonly Change[] = [];

  /** One after another in the same container: the list of packages is fetched once. */
  beforeAll(async () => {
    const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
    // Nobody needs these files after a power cut: dpkg need not wait until each is on the disk.
    const options = ['-q', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-unsafe-io'];
    const install = (name: string): Promise<readonly Change[]> =>
      box.changesDuring(() => box.$(quiet)`apt-get install ${options} ${name}`, { ignore: bookkeeping });
    await box.$(quiet)`apt-get update -q`;
    nginx = await install('nginx-light');
    postgresql = await install('postgresql');
    openjdk = await install('default-jre-headless');
  }, 600_000);

  describe('nginx-light, a web server', () => {
    it('reads like ls -l: the program, its configuration, its links', () => {
      const lines = withoutVersions(formatChanges(nginx));

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
      const places = new Set(nginx.map(({ path }) => path.split('/')[1]));

      expect([...places].sort()).toEqual(
        ['etc', 'lib', 'run', 'usr', 'var'].filter((place) => places.has(place)),
      );
      expect(places).toContain('usr');
    });

    it('gives no one new rights: no set-user-id, nothing that all may write', () => {
      expect(risky(nginx)).toEqual([]);
    });

    it('takes nothing away', () => {
      expect(pathsOf('deleted', nginx)).toEqual([]);
    });
  });

  describe('postgresql, a database with a user of its own', () => {
    it('adds the user and the group postgres, next to those that were there', async () => {
      for (const file of ['/etc/passwd', '/etc/group', '/etc/shadow']) {
        await expect(postgresql).toHaveChanged(file, { kind: 'modified', differs: ['content', 'size'] });
      }
      await expect(box.$`id -nG postgres`).toPrint(/^postgres\b/);
      await expect(box.$`getent passwd root`).toPrint('root:x:0:0:');
    });

    it('lets no other user into the data, or read how they log in', async () => {
      const data = { kind: 'added', owner: 'postgres', group: 'postgres' } as const;

      await expect(postgresql).toHaveChanged('/var/lib/postgresql/*/main', {
        ...data,
        type: 'directory',
        mode: 0o700,
      });
      await expect(postgresql).toHaveChanged('/var/lib/postgresql/*/main/PG_VERSION', {
        ...data,
        mode: 0o600,
      });
      await expect(postgresql).toHaveChanged('/etc/postgresql/*/main/pg_hba.conf', { ...data, mode: 0o640 });
      await expect(postgresql).toHaveChanged('/etc/postgresql/*/main/postgresql.conf', {
        ...data,
        mode: 0o644,
      });
    });

    it('keeps to where packages belong: nothing in /home, /root, /opt, /srv or /usr/local', async () => {
      await expect(postgresql).not.toHaveChanged('/home/**');
      await expect(postgresql).toHaveChangedOnly([
        '/usr/{bin,lib,sbin,share}/**',
        '/etc/**',
        '/run/**',
        '/var/lib/**',
      ]);
    });

    it('changes nothing of what was there but the lists of users and groups, and deletes nothing', () => {
      const accounts = /^\/etc\/(passwd|group|shadow|gshadow)-?$/;

      expect(pathsOf('modified', postgresql).filter((path) => !accounts.test(path))).toEqual([]);
      expect(pathsOf('deleted', postgresql)).toEqual([]);
    });

    it('gives new rights in one place only: the directory of its socket belongs to its group', async () => {
      expect(risky(postgresql)).toEqual(['/run/postgresql']);
      await expect(postgresql).toHaveChanged('/run/postgresql', { mode: 0o2775, group: 'postgres' });
    });

    it('starts no server by being installed', async () => {
      const { Processes: processes } = (await box.docker.top()) as { Processes: string[][] };

      expect(processes.length).toBeGreaterThan(0);
      expect(processes.flat().join('\n')).not.toContain('postgres');
    });
  });

  describe('openjdk, a runtime of hundreds of files', () => {
    it('adds all of them under /usr/lib/jvm, as root, and what runs is executable', async () => {
      const files = openjdk.filter(({ path }) => path.startsWith('/usr/lib/jvm/'));

      expect(files.length).toBeGreaterThan(200);
      expect(files.filter(({ after }) => after?.owner !== 'root' || after.group !== 'root')).toEqual([]);
      for (const program of ['bin/java', 'bin/keytool', 'lib/jspawnhelper']) {
        const what = { kind: 'added', type: 'file', mode: 0o755 } as const;
        await expect(openjdk).toHaveChanged(`/usr/lib/jvm/java-*-openjdk-*/${program}`, what);
      }
    });

    it('makes java a link to an alternative, which is a link to this version', async () => {
      await expect(openjdk).toHaveChanged('/usr/bin/java', {
        kind: 'added',
        target: '/etc/alternatives/java',
      });
      await expect(openjdk).toHaveChanged('/etc/alternatives/java', {
        kind: 'added',
        type: 'symlink',
        target: /^\/usr\/lib\/jvm\/java-\d+-openjdk-\w+\/(jre\/)?bin\/java$/,
      });
    });

    it('gives no program capabilities or set-user-id; only the group staff may now add fonts', async () => {
      expect(openjdk.filter(({ after }) => after?.xattrs !== undefined)).toEqual([]);
      expect(risky(openjdk)).toEqual(['/usr/local/share/fonts']);
      await expect(openjdk).toHaveChanged('/usr/local/share/fonts', { mode: 0o2775, group: 'staff' });
    });

    it('changes and deletes nothing of what was there, and keeps to where packages belong', async () => {
      expect(pathsOf('modified', openjdk)).toEqual([]);
      expect(pathsOf('deleted', openjdk)).toEqual([]);
      await expect(openjdk).toHaveChangedOnly([
        '/usr/{bin,lib,sbin,share}/**',
        '/usr/local/share/{fonts,ca-certificates}',
        '/etc/**',
        '/var/lib/ca-certificates-java',
      ]);
    });

    it('runs a program, for a user without rights', async () => {
      const program =
        'class Sum { public static void main(String[] words) { System.out.println(6 * 7); } }\n';
      await box.run('tee', ['/tmp/Sum.java'], { input: program });

      await expect(box.$({ user: 'nobody' })`java -version`).toPrintError(/openjdk version/i);
      await expect(box.$({ user: 'nobody' })`java /tmp/Sum.java`).toPrint(/^42$/);
    });
  });

  describe('all of them together', () => {
    it('are listed with every path that docker diff lists but for directories that were only written in', async () => {
      const all = new Set((await box.changes()).map(({ path }) => path));
      const listed = (await box.docker.changes()) as { Path: string; Kind: number }[];

      const missing = listed.filter(({ Path, Kind }) => Kind !== 0 && !all.has(Path));

      expect(listed.length).toBeGreaterThan(5_000);
      expect(missing).toEqual([]);
    });

    it('stayed inside: the container is isolated from the host, and its image is what it was', async () => {
      await expect(box).toBeIsolatedFromHost();
      await expect(box.image).toBeUnchanged({ depth: 'identity' });
    });
  });
});
