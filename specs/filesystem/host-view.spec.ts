import fs, {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer, useContainer } from '../../src';
import { readFromHost, writeFromHost } from '../../src/filesystem/host-view/operations';
import { openAt } from '../../src/filesystem/host-view/descriptors';
import { rootView } from '../../src/filesystem/host-view/root-view';
import { walk } from '../../src/filesystem/host-view/walk';
import { poll } from '../../src/support/poll';
import { describeAsRootBesideEngine } from '../../tooling/spec-helpers/modes';

describeAsRootBesideEngine("A container's files, seen from this machine", () => {
  const box = useContainer({ scope: 'file' });
  let directory: string;
  let canary: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'belljar-direct-'));
    canary = join(directory, 'canary');
    writeFileSync(canary, 'of the host');
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('are read without a process in the container, which need not have a shell', async () => {
    await using bare = await startContainer();
    await bare.$`mv /bin/cat /bin/cat-away`;

    expect(await readFromHost(rootView(bare), '/etc/hostname')).toEqual(Buffer.from(`${bare.hostname}\n`));
    await expect(bare.files.read('/etc/hostname')).resolves.toBe(`${bare.hostname}\n`);
  });

  it('are never those of the host, whichever way a link leads there', async () => {
    const view = rootView(box);
    await box.sh`ln -s ${canary} /tmp/absolute; ln -s ../../../../../../../..${canary} /tmp/up; ln -s / /tmp/root`;

    for (const path of [
      canary,
      '/tmp/absolute',
      '/tmp/up',
      `/tmp/root${canary}`,
      `/tmp/root/../..${canary}`,
    ]) {
      await expect(readFromHost(view, path)).rejects.toMatchObject({ code: 'ENOENT' });
    }
  });

  it('stay so while the container changes a directory for a link as quickly as it can', async () => {
    const view = rootView(box);
    await box.sh`mkdir -p /race/way /race/real && echo inside > /race/real/canary && cp /race/real/canary /race/way/`;
    const swap = `while :; do mv /race/way /race/kept; ln -s ${directory} /race/way; rm /race/way; mv /race/kept /race/way; done`;
    const controller = new AbortController();
    const swapping = box.run('sh', ['-c', swap], { reject: false, cancelSignal: controller.signal });
    const seen = new Set<string>();

    await poll(
      async () => {
        for (let round = 0; round < 200; round += 1) seen.add(await contentOrCode('/race/way/canary'));
        return seen.size > 1;
      },
      { for: 'the link to be met', timeout: 20_000, interval: 1 },
    );
    controller.abort();
    await swapping;

    expect([...seen].sort()).toEqual(['ENOENT', 'inside\n']);

    async function contentOrCode(path: string): Promise<string> {
      try {
        return String(await readFromHost(view, path));
      } catch (error) {
        return (error as { code: string }).code;
      }
    }
  });

  it('are looked at again if a link has become a directory before its target is read', () => {
    const way = join(directory, 'way');
    symlinkSync('/nowhere', way);
    const { readlinkSync } = fs;
    const reading = jest.spyOn(fs, 'readlinkSync').mockImplementationOnce((...args) => {
      unlinkSync(way);
      mkdirSync(way);
      return readlinkSync(...args);
    });

    const root = openAt(directory, constants.O_DIRECTORY);
    const isDirectory = walk(
      root,
      Buffer.from('/way'),
      { follow: true },
      (place) => place.file !== undefined && place.stats.isDirectory(),
    );
    closeSync(root);
    reading.mockRestore();

    expect(isDirectory).toBe(true);
  });

  it('are made through a link to nothing where the link leads, in the container', async () => {
    await box.$`ln -s /opt/made-through-a-link /tmp/to-nothing`;

    expect(await writeFromHost(rootView(box), '>', '/tmp/to-nothing', 'content', {})).toBe(true);

    await expect(box.$`cat /opt/made-through-a-link`).toPrint('content');
    await expect(box).toHaveFile('/opt/made-through-a-link', { mode: 0o644, owner: 'root' });
  });

  it('are left to commands in the container if the reader has to be inside', async () => {
    const view = rootView(box);

    expect(await readFromHost(view, '/proc/self/comm')).toBeUndefined();
    expect(await readFromHost(view, '/etc/../proc/self/comm')).toBeUndefined();
    await expect(box.files.read('/proc/self/comm')).resolves.toBe('cat\n');
  });

  it('are seen again after a restart, which gives process 1 another id', async () => {
    await using other = await startContainer();
    await other.files.write('/tmp/kept', 'kept');

    await other.restart();

    expect(String(await readFromHost(rootView(other), '/tmp/kept'))).toBe('kept');
    await expect(other.files.read('/tmp/kept')).resolves.toBe('kept');
  });

  it('leave no descriptor open, whether it went well or not', async () => {
    const before = openDescriptors();

    for (let round = 0; round < 50; round += 1) {
      await box.files.read('/etc/passwd');
      await box.files.stat('/etc/../etc/passwd');
      await expect(box.files.read('/etc/passwd/x')).rejects.toMatchObject({ code: 'ENOTDIR' });
      await expect(box.files.read('/etc')).rejects.toMatchObject({ code: 'EISDIR' });
    }

    expect(openDescriptors()).toBeLessThanOrEqual(before + 5);
  });
});

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}
