import { randomUUID } from 'node:crypto';
import {
  BelljarError,
  CommandError,
  Image,
  ImageError,
  InvalidOptionError,
  startContainer,
  useContainer,
  type Box,
  type DeriveOptions,
} from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { listOwned } from '../../src/ownership/owned-resources';
import { baselineOf, readImageTree } from '../../src/image/verify/fingerprint';
import { listOwnImages } from '../../src/image/own-images';
import { compareTrees } from '../../src/image/verify/tree';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { imageWithConfig } from '../../tooling/images/image-with-config';
import { removeImage } from '../../tooling/images/make-image';

/** Never the same, so that no earlier run has made these images. */
const key = randomUUID();

/** What was made here goes again. */
const made: Image[] = [];
const keep = (image: Image): Image => {
  made.push(image);
  return image;
};

let base: Image;
let runs = 0;

async function addTool(box: Box): Promise<void> {
  runs += 1;
  await box.files.write('/opt/tool', '#!/bin/sh\necho tool\n', { mode: 0o750, owner: 'nobody' });
  await box.sh`chmod 600 /etc/motd && rm -rf /usr/share/doc && ln -s /opt/tool /usr/local/bin/tool`;
}

const withTool = async (): Promise<Image> => keep(await base.derive(addTool, { key }));

beforeAll(async () => {
  base = await Image.resolve();
  // What it is compared with after images have been derived from it.
  await base.fingerprint();
});

afterAll(async () => {
  const { docker } = await connectEngine();
  // The newest first: an older one may be its base.
  for (const { reference } of made.reverse()) await removeImage(docker, reference);
});

describe('A derived image', () => {
  it('is made once, by a set-up that runs in a container of its base, and is there from then on', async () => {
    const first = await withTool();
    const second = await withTool();

    expect(runs).toBe(1);
    expect(second.id).toBe(first.id);
    expect(first.reference).toMatch(/^belljar\/derived:[0-9a-f]{32}$/);
    expect(await Image.resolve(first.reference)).toMatchObject({ id: first.id });
  });

  it('holds what its base holds and what the set-up did: not a path more, not a path less', async () => {
    const image = await withTool();
    const { docker } = await connectEngine();
    const baseTree = baselineOf(base.id) ?? (await readImageTree(docker, base.id));

    const differences = compareTrees(baseTree, await readImageTree(docker, image.id));

    const documents = [...baseTree.entries.keys()].filter((path) => /^\/usr\/share\/doc(\/|$)/.test(path));
    expect(differences.map(({ path }) => path)).toEqual(
      [...documents, '/etc/motd', '/opt/tool', '/usr/local/bin/tool'].sort(),
    );
    expect(image.layers.slice(0, -1)).toEqual(base.layers);
  });

  it('never changes its base: not its files, its config, nor what names it', async () => {
    await withTool();

    await expect(base).toBeUnchanged({ depth: 'behavior' });
  });

  it('starts like any other, and changes are told against it, not against its base', async () => {
    await using box = await startContainer({ image: await withTool() });

    await expect(box.$({ user: 'nobody' })`tool`).toPrint(/^tool$/);
    await expect(box).toBeUnchanged();
    await box.$`rm /opt/tool`;
    expect(await box.changes()).toMatchObject([{ kind: 'deleted', path: '/opt/tool' }]);
  });

  it('has the config of its base; the idle command of the container that it was made in is not in it', async () => {
    const { config } = await withTool();

    expect({ ...config, labels: {} }).toEqual({ ...base.config, labels: {} });
    expect(config.labels).toMatchObject({ ...base.config.labels, 'belljar.derived': base.reference });
  });

  it.each<[string, object]>([
    ['nothing to run at all', { Entrypoint: [], Cmd: [] }],
    [
      'an entrypoint, a user, variables, a port and a volume',
      {
        Entrypoint: ['/bin/cat'],
        Cmd: ['/etc/hostname'],
        User: 'nobody:nogroup',
        Env: ['WORD=two words', 'PATH=/bin:/usr/bin'],
        WorkingDir: '/var',
        ExposedPorts: { '8080/tcp': {} },
        Volumes: { '/data': {} },
        Labels: { color: 'green' },
      },
    ],
  ])('keeps a config that has %s', async (_, given) => {
    const configured = keep(await imageWithConfig(given));

    const { config } = keep(await configured.derive((box) => box.$`touch /tmp/derived`, { key }));

    expect({ ...config, labels: {} }).toEqual({ ...configured.config, labels: {} });
    expect(config.labels).toMatchObject(configured.config.labels);
  });

  it('can be derived from in turn', async () => {
    const image = await withTool();

    const next = keep(await image.derive((box) => box.files.append('/opt/tool', 'echo twice\n'), { key }));

    await using box = await startContainer(next);
    await expect(box.$`tool`).toPrint(/^tool\ntwice$/);
    expect(next.layers.slice(0, -1)).toEqual(image.layers);
  });

  it('is another one if the key is another, or the function', async () => {
    const write = (text: string): Promise<Image> =>
      base.derive((box) => box.files.write('/text', text), { key: { key, text } });

    const [one, two] = await Promise.all([write('one'), write('two')]);

    [one, two].forEach(keep);
    await using box = await startContainer(two);
    expect(await box.files.read('/text')).toBe('two');
    expect(one.id).not.toBe(two.id);
  });
});

describe('Two who want the same image at the same time', () => {
  it('get the same one: the one makes it while the other waits', async () => {
    let started = 0;
    const count = async (box: Box): Promise<void> => {
      started += 1;
      await box.$`touch /counted`;
    };

    const [one, two] = await Promise.all([0, 1].map(() => base.derive(count, { key: [key, 'count'] })));

    if (one !== undefined) keep(one);
    expect(started).toBe(1);
    expect(two?.id).toBe(one?.id);
  });

  it('both learn that it can not be made', async () => {
    const fail = (box: Box): Promise<unknown> => box.$`false`;

    const outcomes = await Promise.allSettled([0, 1].map(() => base.derive(fail, { key })));

    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'IMAGE_NOT_DERIVED' } },
      { status: 'rejected', reason: { code: 'IMAGE_NOT_DERIVED' } },
    ]);
  });

  it('do not wait for ever', async () => {
    let enter = (): void => undefined;
    let release = (): void => undefined;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    const hold = async (): Promise<void> => {
      enter();
      await released;
    };
    const one = base.derive(hold, { key });
    await entered;

    const two = base.derive(hold, { key, timeout: 300 });

    try {
      const error = await rejectionOf(two, BelljarError);
      expect(error.code).toBe('TIMED_OUT');
      expect(error.message).toMatch(
        /another process to make the image derived from \S+ in the container belljar-derive-\w+/,
      );
    } finally {
      release();
      keep(await one);
    }
  });
});

describe('A set-up that fails', () => {
  it('makes no image, leaves no container, and its error is the cause', async () => {
    const fail = async (box: Box): Promise<void> => {
      await box.$`touch /half-done`;
      await box.$`ls /not-there`;
    };
    const parent = await withTool();
    const ofParent = async () => (await listOwnImages()).filter(({ from }) => from === parent.reference);
    const before = await ofParent();

    const error = await rejectionOf(parent.derive(fail, { key }), ImageError);

    expect(error.code).toBe('IMAGE_NOT_DERIVED');
    expect(error.message).toContain(`derived from ${parent.reference}`);
    expect(error.message).toContain('ls /not-there');
    expect(error.cause).toBeInstanceOf(CommandError);
    expect(await ofParent()).toEqual(before);
  });
});

describe('What can not be used', () => {
  const nothing = (): void => undefined;

  it.each<[string, () => unknown, DeriveOptions, RegExp]>([
    [
      'a bound function, whose text says nothing',
      nothing.bind(undefined),
      {},
      /must be a function with a source/,
    ],
    [
      'a key that holds a function',
      nothing,
      { key: { nothing } },
      /key must be something that JSON can hold/,
    ],
    ['a key that holds itself', nothing, { key: globalThis }, /key must be something that JSON can hold/],
    ['a key that JSON makes nothing of', nothing, { key: new Map([[1, 2]]) }, /JSON can hold/],
    [
      'an option that would become part of the image',
      nothing,
      { env: {} } as DeriveOptions,
      /env is not an option/,
    ],
    ['a timeout that is none', nothing, { timeout: NaN }, /timeout must be a number of milliseconds/],
  ])('is refused: %s', async (_, setUp, options, message) => {
    const error = await rejectionOf(base.derive(setUp, options), InvalidOptionError);

    expect(error.message).toMatch(message);
  });
});

describe('useContainer() with an image that a function gives', () => {
  const box = useContainer({ image: withTool });

  it('starts from it', async () => {
    await expect(box.$`tool`).toPrint(/^tool$/);
    expect(box.image.reference).toMatch(/^belljar\/derived:/);
  });
});

describe('A container of a derived image', () => {
  it('is belljar’s if belljar started it, and not if another program did', async () => {
    const image = await withTool();
    const { docker } = await connectEngine();
    await using ours = await startContainer(image);
    const theirs = await docker.createContainer({ Image: image.id, Cmd: ['true'] });
    try {
      const owned = (await listOwned(docker)).map(({ id }) => id);

      expect(owned).toContain(ours.id);
      expect(owned).not.toContain(theirs.id);
    } finally {
      await theirs.remove();
    }
  });
});
