import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeOrphanedTemporaries, temporaryName } from '../../src/ownership/temporary-files';

describe('Temporary files on the host', () => {
  const prefix = '.belljar-copy-';
  let directory: string;

  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'belljar-spec-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('are removed by the next process that makes some there, if their owner is dead', async () => {
    await mkdir(join(directory, nameOfDead(prefix)));
    await writeFile(join(directory, nameOfDead(prefix)), '');

    await removeOrphanedTemporaries(directory, prefix);

    expect(await readdir(directory)).toEqual([]);
  });

  it('stay if their owner lives, or that can not be told, or they are not of that kind', async () => {
    const [machine = ''] = temporaryName('').split('_');
    const kept = [
      temporaryName(prefix),
      nameOfDead('.draft-'),
      nameOfDead(prefix)
        .replace(machine, '0000'.repeat(4))
        .replace(/_[0-9a-f-]{36}_/, '_another-b007_'),
      `${prefix}somebody-elses`,
      `${prefix}XyZ123`,
    ];
    for (const name of kept) await mkdir(join(directory, name));

    await removeOrphanedTemporaries(directory, prefix);

    expect((await readdir(directory)).sort()).toEqual(kept.sort());
  });

  it('are removed themselves if they are links, not what those lead to', async () => {
    await mkdir(join(directory, 'precious'));
    await symlink('precious', join(directory, nameOfDead(prefix)));

    await removeOrphanedTemporaries(directory, prefix);

    expect(await readdir(directory)).toEqual(['precious']);
  });
});

/** As a process of this machine would have named it that had our number before us. */
function nameOfDead(prefix: string): string {
  const [machine = '', boot = '', namespace = '', pid = '', , random = ''] = temporaryName('').split('_');
  return prefix + [machine, boot, namespace, pid, '1', random].join('_');
}
