import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHostUnchanged } from '../../src/isolation/host/unchanged';
import { host } from '../../src/isolation/host/host';
import { MatcherError } from '../../src/matchers/support/errors';
import { itAsUser } from '../../tooling/spec-helpers/modes';

describe('The watched files of a host, if some can’t be read', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'belljar-unreadable-'));
    await mkdir(join(directory, 'secret'));
    await writeFile(join(directory, 'open'), 'x');
    await chmod(join(directory, 'secret'), 0o000);
  });

  afterEach(async () => {
    await chmod(join(directory, 'secret'), 0o700);
    await rm(directory, { recursive: true });
  });

  // The kernel lets no user read files of this directory, not even root: they can only be written to.
  const writeOnly = '/sys/bus/cpu';

  it('are watched but for those, which the evidence names', async () => {
    const since = await host.snapshot(writeOnly, { content: true });

    const { unchanged, evidence } = await checkHostUnchanged({ since });

    expect(since.unreadable.map(({ path }) => path)).toContain(`${writeOnly}/uevent`);
    expect(unchanged).toBe(true);
    expect(evidence).toContainEqual({
      check: 'watched host paths',
      status: 'noted',
      expected: 'to be readable',
      found: `not watched: EACCES: permission denied, open '${writeOnly}/uevent'`,
      how: `${writeOnly}/uevent`,
    });
    await expect(host).toBeUnchanged({ since });
  });

  it('can’t be told to be unchanged if one of those could be read before, or is what was to be watched', async () => {
    const path = `${writeOnly}/uevent`;
    const before = await host.snapshot(writeOnly, { content: true });
    const readable = { ...before, unreadable: before.unreadable.filter((one) => one.path !== path) };
    const alone = await host.snapshot(path, { content: true });

    await expect(expect(host).toBeUnchanged({ since: readable })).rejects.toThrow(MatcherError);
    await expect(expect(host).toBeUnchanged({ since: alone })).rejects.toThrow(MatcherError);
  });

  itAsUser('are those that a normal user may read', async () => {
    const since = await host.snapshot(directory);

    const { unchanged, evidence } = await checkHostUnchanged({ since });

    expect(unchanged).toBe(true);
    expect(evidence.map(({ status, how }) => [status, how])).toContainEqual([
      'noted',
      join(directory, 'secret'),
    ]);
    await writeFile(join(directory, 'open'), 'y');
    await expect(host).not.toBeUnchanged({ since });
  });

  itAsUser('show that a name in a directory came, though its names can’t be listed', async () => {
    const since = await host.snapshot(directory);
    await chmod(join(directory, 'secret'), 0o700);
    await writeFile(join(directory, 'secret/new'), '');
    await chmod(join(directory, 'secret'), 0o000);

    const { differences } = await checkHostUnchanged({ since });

    expect(differences).toMatchObject([
      {
        path: join(directory, 'secret'),
        details: [expect.stringContaining('names in it came or went') as string],
      },
    ]);
  });

  itAsUser('are, by default, those of this machine that a normal user may read', async () => {
    await host.watch();

    try {
      await expect(host).toBeUnchanged();
    } finally {
      host.unwatch();
    }
  });
});
