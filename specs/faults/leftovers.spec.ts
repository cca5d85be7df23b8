/*
 * What runs have left that died together with their reapers. All specs about that are in this file, because each sees, and
 * may remove, what the others leave on purpose.
 */
import { randomBytes } from 'node:crypto';
import { formatAge, type Entry } from '../../src/cli/ps';
import { doctor } from '../../src/doctor/doctor';
import { connectEngine } from '../../src/engine/connection';
import { labelsOf } from '../../src/engine/labels';
import { currentRun, type Run } from '../../src/engine/run';
import { resolveImage } from '../../src/image/resolve';
import globalSetup from '../../src/jest/global-setup';
import { statusOf } from '../../src/support/errors';
import { typed } from '../support/typed';

const alive = currentRun();
const dead = (): Run => ({ ...alive, id: randomBytes(8).toString('hex'), pidStart: '1' });

describe('What a machine’s death leaves', () => {
  /** One of each kind that is to go, and one for each reason to stay. */
  let goes: Left[];
  let stays: Left[];

  beforeEach(async () => {
    goes = await Promise.all([
      leave('container', dead()),
      leave('network', dead()),
      leave('volume', { ...dead(), bootId: 'an-earlier-boot' }),
    ]);
    stays = await Promise.all([
      leave('volume', alive),
      leave('volume', { ...dead(), bootId: 'another-boot', machine: 'another-machine' }),
      leave('container', { ...dead(), pidNamespace: '1' }),
      leave('container', undefined),
    ]);
  });

  afterEach(() => Promise.all([...goes, ...stays].map((thing) => thing.remove())));

  it('is named by the doctor, with what removes it', async () => {
    const { lines } = await doctor();

    const line = lines.find(({ name }) => name === 'leftovers');
    expect(line).toMatchObject({
      status: 'warning',
      advice: expect.stringContaining('npx belljar clean') as string,
    });
    for (const { kind, name } of goes) expect(line?.found).toContain(`${kind} ${name}`);
    for (const { name } of stays) expect(line?.found).not.toContain(name);
  });

  it('is removed by the set-up of the next run, which says so in one line', async () => {
    const lines: string[] = [];
    const print = jest
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => lines.push(String(text)) > 0);
    const { BELLJAR_RUN, BELLJAR_WORKERS } = process.env;

    try {
      await globalSetup();
    } finally {
      print.mockRestore();
      Object.assign(process.env, { BELLJAR_RUN, BELLJAR_WORKERS });
    }

    const said = lines.filter((line) => line.startsWith('belljar: removed what killed runs had left: '));
    expect(said).toHaveLength(1);
    for (const { kind, name } of goes) expect(said[0]).toContain(`${kind} ${name}`);
    expect(await Promise.all(goes.map((thing) => thing.exists()))).toEqual([false, false, false]);
    expect(await Promise.all(stays.map((thing) => thing.exists()))).toEqual([true, true, true, true]);
  });

  it('is listed by belljar ps, beside what living and unknown owners have', async () => {
    const { code, printed } = await typed('ps', '--json');

    const owners = Object.fromEntries(
      (JSON.parse(printed) as Entry[]).map(({ name, owner }) => [name, owner]),
    );
    expect(goes.map(({ name }) => owners[name])).toEqual(['dead', 'dead', 'dead']);
    expect(stays.map(({ name }) => owners[name])).toEqual(['alive', 'unknown', 'unknown', undefined]);
    expect(code).toBe(0);
  });

  it('is a table for people', async () => {
    const { printed } = await typed('ps');

    expect(printed).toMatch(/^KIND +ID +AGE +RUN +OWNER +NAME\n/);
    expect(printed).toMatch(
      new RegExp(
        `^network +[0-9a-f]{12} +\\d+ s +[0-9a-f]{16} +dead \\(process \\d+\\) +${goes[1]?.name}$`,
        'm',
      ),
    );
  });

  it('is only listed by belljar clean --dry-run', async () => {
    const { code, printed } = await typed('clean', '--dry-run');

    expect(printed).toMatch(/^Would remove:\nKIND/);
    for (const { name } of goes) expect(printed).toContain(name);
    for (const { name } of stays) expect(printed).not.toContain(name);
    expect(await Promise.all(goes.map((thing) => thing.exists()))).toEqual([true, true, true]);
    expect(code).toBe(0);
  });

  it('is removed by belljar clean, and nothing else is', async () => {
    const { code, printed } = await typed('clean', '--json');

    const { removed } = JSON.parse(printed) as { removed: Entry[] };
    expect(removed.map(({ name }) => name)).toEqual(expect.arrayContaining(goes.map(({ name }) => name)));
    expect(await Promise.all(goes.map((thing) => thing.exists()))).toEqual([false, false, false]);
    expect(await Promise.all(stays.map((thing) => thing.exists()))).toEqual([true, true, true, true]);
    expect(code).toBe(0);
  });

  it('makes belljar clean fail where the engine does not remove it, after all else has gone', async () => {
    const [container, network, volume] = goes;
    await container?.remove();
    await using user = await leave('container', undefined, network?.name);
    const { docker } = await connectEngine();
    await docker.getContainer(user.id).start();

    const { code, complained } = await typed('clean');

    expect(complained).toContain(`belljar clean: the engine did not remove network ${network?.name}: `);
    expect(await volume?.exists()).toBe(false);
    expect(code).toBe(1);
  });
});

describe('An age', () => {
  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [200_000_000, '2 d'],
  ])('of %d ms is %s', (milliseconds, text) => {
    expect(formatAge(milliseconds)).toBe(text);
  });
});

interface Left extends AsyncDisposable {
  kind: string;
  id: string;
  name: string;
  exists(): Promise<boolean>;
  remove(): Promise<void>;
}

/** Makes a thing in the engine as a run does; as somebody else does where that is undefined. */
async function leave(
  kind: 'container' | 'network' | 'volume',
  run: Run | undefined,
  network = 'none',
): Promise<Left> {
  const { docker } = await connectEngine();
  const name = `belljar-spec-${randomBytes(6).toString('hex')}`;
  const Labels = run === undefined ? {} : labelsOf(run);
  const made = {
    container: async () => {
      const { id: Image } = await resolveImage();
      const HostConfig = { NetworkMode: network };
      return docker.createContainer({ name, Image, Cmd: ['sleep', '1000'], Labels, HostConfig });
    },
    network: () => docker.createNetwork({ Name: name, Labels }),
    volume: async () => {
      await docker.createVolume({ Name: name, Labels });
      return docker.getVolume(name);
    },
  };
  const thing = await made[kind]();
  const unlessGone = (action: Promise<unknown>): Promise<boolean> =>
    action.then(
      () => true,
      (error: unknown) => {
        if (statusOf(error) === 404) return false;
        throw error;
      },
    );
  const remove = async (): Promise<void> => {
    await unlessGone(thing.remove({ force: true }));
  };
  return {
    kind,
    id: 'id' in thing ? thing.id : name,
    name,
    exists: () => unlessGone(thing.inspect()),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
