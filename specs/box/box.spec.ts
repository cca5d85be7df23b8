import { inspect } from 'node:util';
import { Image, startContainer, useContainer, withContainer, type Box } from '../../src';
import type * as BoxModule from '../../src/box/box';
import type * as ImageModule from '../../src/image/image';
import { createBox } from '../../src/box/create-box';
import { startFromImage } from '../../src/container/start';
import { originalOf } from '../../src/support/brand';
import { withMembers } from '../../tooling/spec-helpers/with-members';
import { failureOf } from '../../tooling/spec-helpers/failure-of';
import { itAsRootBesideEngine } from '../../tooling/spec-helpers/modes';

describe('A box', () => {
  const box = useContainer({
    scope: 'file',
    env: { DB_PASSWORD: 'hush-hush', GREETING: 'hello' },
    redact: ['quiet please'],
  });

  it('can be taken apart: each of its members works by itself', async () => {
    const { id, name, run, $, sh, files, changes, waitForCommand, logs, image, testcontainer } = box;

    await expect(run('echo', ['run'])).toPrint('run');
    await expect($`echo words`).toPrint('words');
    await expect(sh`echo $GREETING`).toPrint('hello');
    expect(await files.list('/')).toContain('etc');
    expect(await changes({ under: '/opt' })).toEqual([]);
    await waitForCommand('true');
    expect(await logs()).toBe('');
    expect(image.id).toMatch(/^sha256:/);
    expect(testcontainer.getId()).toBe(id);
    expect(name).toBe(box.name);
  });

  it('is removed by what was taken out of it, once', async () => {
    const own = await startContainer();
    const { remove, removal, [Symbol.asyncDispose]: dispose } = own;

    await Promise.all([remove(), dispose()]);

    expect(removal.aborted).toBe(true);
    await expect(own.$`true`).rejects.toMatchObject({ code: 'CONTAINER_REMOVED' });
  });

  it('shows the members of its container beside its own', () => {
    const members = [
      'id',
      'name',
      'hostname',
      'ip',
      'user',
      'image',
      'docker',
      'removal',
      'remove',
      'run',
      'files',
    ];

    expect(Object.keys(box)).toEqual(expect.arrayContaining(members));
  });

  it('is printed without the secrets of its container, by Jest and by Node.js', async () => {
    await withContainer(
      async (own) => {
        const message = await failureOf(Promise.resolve().then(() => expect(own).toBe('something else')));

        expect(message).toContain(own.id);
        expect(`${message}${inspect(own, { depth: 10 })}`).not.toMatch(/hush-hush|quiet please/);
      },
      { env: { DB_PASSWORD: 'hush-hush' }, redact: ['quiet please'] },
    );
  });
});

describe('A box that is to tell of its first command', () => {
  // Elsewhere, files are read by commands.
  itAsRootBesideEngine('does so once, however many commands follow, of whatever user', async () => {
    const onFirstCommand = jest.fn();
    await using box = createBox(await startFromImage(await Image.resolve()), { onFirstCommand });
    await box.files.read('/etc/passwd');
    const before = onFirstCommand.mock.calls.length;

    await Promise.all([box.$`true`, box.$`true`]);
    await box.run('true', [], { user: 'nobody' });
    await box.sh`true`;

    expect([before, onFirstCommand.mock.calls.length]).toEqual([0, 1]);
  });
});

describe('What is recognized as belljar’s own', () => {
  const box = useContainer({ scope: 'file' });

  /** Another copy of belljar, as each test file has one where belljar's environment is not used. */
  const another = (): typeof BoxModule & typeof ImageModule => {
    let copy = {};
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- another copy than the one that is imported
      copy = { ...require('../../src/box/box'), ...require('../../src/image/image') } as object;
    });
    return copy as typeof BoxModule & typeof ImageModule;
  };

  it('is a box, by another copy of belljar and through what useContainer() returns', async () => {
    await using started = await startContainer();
    const { isBox } = another();

    expect([box, started, withMembers(started, {})].map(isBox)).toEqual([true, true, true]);
    expect([undefined, null, 'box', {}, box.image, { ...started }].map(isBox)).toEqual(Array(6).fill(false));
  });

  it('is an image, resolved, of a box, or derived', async () => {
    const { isImage } = another();
    const resolved = await Image.resolve();
    const derived = await resolved.derive(() => undefined, { key: 'recognized' });

    expect([resolved, box.image, derived].map(isImage)).toEqual([true, true, true]);
    expect([{}, { ...resolved }, box].map(isImage)).toEqual([false, false, false]);
  });

  it('stands for one container, whichever object is asked', async () => {
    await using started = await startContainer();
    const original = (thing: Box): object => originalOf(thing, 'container');

    expect(original(withMembers(started, {}))).toBe(original(started));
    expect(original(box)).not.toBe(original(started));
    expect(original(box)).toMatchObject({ id: box.id });
  });
});
