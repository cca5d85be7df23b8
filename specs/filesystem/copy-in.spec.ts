import { createServer } from 'node:net';
import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useContainer } from '../../src';
import { CopyError } from '../../src/filesystem/errors';
import { InvalidOptionError } from '../../src/support/errors';
import { itAsRoot } from '../../tooling/spec-helpers/modes';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

const runOnHost = promisify(execFile);

describe('A copy into a container', () => {
  const box = useContainer({ scope: 'file', network: 'none' });
  let host: string;

  beforeEach(async () => {
    host = await mkdtemp(join(tmpdir(), 'belljar-copy-in-'));
    for (const path of [
      'kept',
      'node_modules/package/index',
      'logs/a.log',
      'logs/keep.log',
      'src/deep/b.log',
    ]) {
      await mkdir(join(host, path, '..'), { recursive: true });
      await writeFile(join(host, path), path);
    }
  });

  afterEach(() => rm(host, { recursive: true, force: true }));

  const filesIn = async (path: string) =>
    (await box.$`find ${path} -type f -printf ${'%P\\n'}`).stdout.split('\n').sort();

  it('leaves out what a .dockerignore file with these lines would', async () => {
    await box.files.copyIn(host, '/opt/ignored', { ignore: ['node_modules', '**/*.log', '!logs/keep.log'] });

    expect(await filesIn('/opt/ignored')).toEqual(['kept', 'logs/keep.log']);
  });

  it('makes the directory of an exception, though the directory itself is left out', async () => {
    const { entries } = await box.files.copyIn(host, '/opt/excepted', { ignore: ['*', '!src/deep/b.log'] });

    expect(await filesIn('/opt/excepted')).toEqual(['src/deep/b.log']);
    expect(entries).toBe(4);
  });

  it('leaves out special files if it is told to, and names them', async () => {
    const server = createServer().listen(join(host, 'socket'));
    await once(server, 'listening');
    await runOnHost('mkfifo', [join(host, 'src/fifo')]);

    const error = await rejectionOf(box.files.copyIn(host, '/opt/special'), CopyError);
    const { skipped } = await box.files.copyIn(host, '/opt/special', { special: 'skip' });
    server.close();

    expect(error.code).toBe('SPECIAL_FILE');
    expect(error.message).toMatch(
      /(socket|fifo) is a (socket|fifo), .* { special: 'skip' } leaves it out\.$/,
    );
    expect(skipped).toEqual([
      { path: join(host, 'socket'), reason: 'it is a socket' },
      { path: join(host, 'src/fifo'), reason: 'it is a fifo' },
    ]);
    expect(await box.files.exists('/opt/special/kept')).toBe(true);
  });

  itAsRoot('keeps the owners of the host’s files if it is told to', async () => {
    await chown(join(host, 'kept'), 1234, 5678);

    await box.files.copyIn(host, '/opt/root');
    await box.files.copyIn(host, '/opt/owned', { keepOwners: true });
    await box.files.copyIn(host, '/opt/mixed', { keepOwners: true, owner: 'nobody' });

    expect(await box.files.stat('/opt/root/kept')).toMatchObject({ uid: 0, gid: 0 });
    expect(await box.files.stat('/opt/owned/kept')).toMatchObject({ uid: 1234, gid: 5678 });
    expect(await box.files.stat('/opt/mixed/kept')).toMatchObject({ owner: 'nobody', gid: 5678 });
  });

  it('takes a file as large as two pieces and a file of nothing', async () => {
    await writeFile(join(host, 'large'), Buffer.alloc(600_001, 'x'));
    await writeFile(join(host, 'nothing'), '');

    const { bytes } = await box.files.copyIn(host, '/opt/sizes', { ignore: ['*', '!large', '!nothing'] });

    expect(bytes).toBe(600_001);
    expect(
      (await box.files.read('/opt/sizes/large', { encoding: 'buffer' })).equals(Buffer.alloc(600_001, 'x')),
    ).toBe(true);
    expect(await box.files.read('/opt/sizes/nothing')).toBe('');
  });

  it('refuses options that it does not know, or can’t use', async () => {
    const misspelled = { ownr: 'nobody' } as object;

    await expect(box.files.copyIn(host, '/x', misspelled)).rejects.toThrow(/ownr.*owner/s);
    await expect(box.files.copyIn(host, '/x', { ignore: [''] })).rejects.toThrow(InvalidOptionError);
  });
});
