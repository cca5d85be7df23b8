import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { inspectImage, type Image } from '../../src/image/image';
import { host } from '../../src/isolation/host/host';
import { MatcherError } from '../../src/matchers/support/errors';
import { makeImage, removeImage } from '../../tooling/images/make-image';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

describe('toBeUnchanged, given a container', () => {
  const box = useContainer();

  it('passes for a container that has only been read', async () => {
    await box.$`ls /etc`;

    await expect(box).toBeUnchanged();
    expect(await failureOf(expect(box).not.toBeUnchanged())).toContain(
      'Expected:  any change\nReceived:  no changes',
    );
  });

  it('fails with every change', async () => {
    await box.sh`touch /srv/one; rm /etc/issue`;

    await expect(box).not.toBeUnchanged();
    expect(await failureOf(expect(box).toBeUnchanged())).toMatch(
      new RegExp(
        [
          '^expect\\(received\\).toBeUnchanged\\(\\)',
          '',
          `Container: ${box.name}`,
          'Expected:  no changes',
          'Received:  2 changes: 1 added, 1 deleted',
          '',
          '- .* /etc/issue .*',
          '\\+ .* /srv/one .*$',
        ].join('\n'),
      ),
    );
  });

  it('leaves out what it is told to', async () => {
    await box.$`touch /srv/one`;

    await expect(box).toBeUnchanged({ ignore: '/srv/**' });
    await expect(box).toBeUnchanged({ under: '/etc' });
  });
});

describe('toBeUnchanged, given an image', () => {
  const reference = `belljar-specs/matchers-${randomBytes(4).toString('hex')}:1`;
  let image: Image;

  beforeAll(async () => {
    const { docker } = await connectEngine();
    await makeImage(docker, reference, { 'etc/motd': 'welcome\n' });
    image = await inspectImage(reference);
  });

  afterAll(async () => removeImage((await connectEngine()).docker, reference));

  it('passes while it is what it was, at each depth', async () => {
    await expect(image).toBeUnchanged();
    await expect(image).toBeUnchanged({ depth: 'content' });
    await expect(image).toBeUnchanged({ depth: 'behavior', fingerprint: await image.fingerprint() });
  });

  it('can’t tell how it behaves without knowing how it did before, and so neither passes nor fails', async () => {
    const { docker } = await connectEngine();
    const unknown = `${reference}-unknown`;
    await makeImage(docker, unknown);
    try {
      const other = await inspectImage(unknown);

      await expect(expect(other).toBeUnchanged({ depth: 'behavior' })).rejects.toThrow(MatcherError);
      await expect(expect(other).not.toBeUnchanged({ depth: 'behavior' })).rejects.toThrow(
        /could not check whether the image .* is unchanged. There is no earlier fingerprint/,
      );
    } finally {
      await removeImage(docker, unknown);
    }
  });

  it('fails with each difference, and what is the same, for a tag that was added', async () => {
    const { docker } = await connectEngine();
    const [repo, added] = ['belljar-specs/matchers-added', randomBytes(4).toString('hex')];
    await docker.getImage(image.id).tag({ repo, tag: added });
    try {
      await expect(image).not.toBeUnchanged();
      expect(await failureOf(expect(image).toBeUnchanged())).toBe(
        [
          'expect(received).toBeUnchanged()',
          '',
          `Image:    ${reference} (${image.id})`,
          'Expected: unchanged, at the depth "identity"',
          'Received: 1 difference',
          '',
          `✕ tag-added: The image has a new tag: ${repo}:${added}.`,
        ].join('\n'),
      );
    } finally {
      await removeImage(docker, `${repo}:${added}`);
    }
  });

  it('says what was checked, with .not', async () => {
    const message = await failureOf(expect(image).not.toBeUnchanged());

    expect(message).toContain('Expected: a difference, at the depth "identity"\nReceived: no difference');
    expect(message).toContain(`✓ ${reference} names ${image.id}`);
  });

  it('refuses another depth', async () => {
    expect(await failureOf(expect(image).not.toBeUnchanged({ depth: 'deep' as never }))).toContain(
      "depth must be 'identity', 'content' or 'behavior'",
    );
  });
});

describe('toBeUnchanged, given the host', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'belljar-unchanged-'));
    await writeFile(join(directory, 'settings'), 'one', { mode: 0o600 });
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('passes while the watched files are as they were', async () => {
    const since = await host.snapshot(directory);

    await expect(host).toBeUnchanged({ since });
    expect(await failureOf(expect(host).not.toBeUnchanged({ since }))).toContain(
      'Expected: any difference\nReceived: no difference',
    );
  });

  it('takes the last host.watch() if it is given no snapshot', async () => {
    await host.watch(directory);
    try {
      await expect(host).toBeUnchanged();
    } finally {
      host.unwatch();
    }
    expect(await failureOf(expect(host).not.toBeUnchanged())).toContain(
      'There is no earlier snapshot of the host',
    );
  });

  it('fails with each difference', async () => {
    const since = await host.snapshot(directory);
    await chmod(join(directory, 'settings'), 0o644);
    await writeFile(join(directory, 'new file'), '');

    await expect(host).not.toBeUnchanged({ since });
    expect(await failureOf(expect(host).toBeUnchanged({ since }))).toBe(
      [
        'expect(received).toBeUnchanged()',
        '',
        'Watched:  2 files and directories of this machine, then and now',
        `Expected: ${directory} as before`,
        'Received: 2 differences',
        '',
        `added    ${directory}/new file: file, 0644, owner ${owner()}, 0 bytes`,
        `modified ${directory}/settings: mode 0600 → 0644`,
      ].join('\n'),
    );
  });

  it('can’t tell if something could not be read, and so neither passes nor fails', async () => {
    const before = await host.snapshot(directory);
    const unreadable = [{ path: directory, code: 'EACCES', message: 'EACCES: permission denied' }];
    const since = { ...before, unreadable };

    await expect(expect(host).toBeUnchanged({ since })).rejects.toThrow(MatcherError);
    await expect(expect(host).not.toBeUnchanged({ since })).rejects.toThrow(/EACCES: permission denied/);
  });
});

describe('toBeUnchanged', () => {
  it('refuses anything else, and says what it takes', async () => {
    expect(await failureOf(expect('ubuntu:20.04').not.toBeUnchanged())).toBe(
      "The value given to expect() must be a container that belljar started, an image of belljar, or host; got 'ubuntu:20.04'.",
    );
  });

  it('refuses options that are another’s', async () => {
    expect(await failureOf(expect(host).not.toBeUnchanged({ depth: 'content' }))).toContain(
      'depth is not an option. The options are since',
    );
  });
});

function owner(): string {
  return `${process.getuid?.()}:${process.getgid?.()}`;
}
