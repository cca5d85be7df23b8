import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer } from '../../src';
import { createChanges } from '../../src/filesystem/changes/changes';
import { fingerprintTree } from '../../src/filesystem/fingerprint';

describe('A directory of the host in a container', () => {
  let host: string;

  beforeEach(async () => {
    host = await mkdtemp(join(tmpdir(), 'belljar-mounted-'));
    await writeFile(join(host, 'of-the-host'), 'not the container’s');
  });

  afterEach(() => rm(host, { recursive: true, force: true }));

  it('is never among the changes nor in the fingerprint, whatever else is asked at the same time', async () => {
    await using box = await startContainer({
      network: 'none',
      customize: (made) => made.withBindMounts([{ source: host, target: '/srv/mounted', mode: 'rw' }]),
    });
    const viaEngine = createChanges(box, 'export');
    const fingerprint = await fingerprintTree(box.docker, '/', { only: 'export' });

    for (let round = 1; round <= 2; round += 1) {
      const [changes, again, ...others] = await Promise.all([
        viaEngine.changes(),
        fingerprintTree(box.docker, '/', { only: 'export' }),
        box.files.fingerprint(),
        box.files.fingerprint('/srv/mounted'),
        box.files.copyIn(join(host, 'of-the-host'), '/srv/mounted/copy'),
        box.files.copyOut('/srv/mounted', join(host, `out-${round}`)),
      ]);

      expect(changes).toEqual([]);
      expect(again).toBe(fingerprint);
      expect(others[0]).toBe(fingerprint);
      // Each of them sees the mount, if it is asked for what is there.
      expect(others[3]).toMatchObject({ skipped: [] });
      expect(others[3].entries).toBeGreaterThan(1);
    }
  });
});
