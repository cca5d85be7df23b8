/*
 * What runs have left that died together with their reapers, or that they have kept on request. All specs about that
 * are in this file, because each sees, and may remove, what the others leave on purpose.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatAge, type Entry } from '../../src/cli/ps';
import { doctor } from '../../src/doctor/doctor';
import { connectEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';
import { labelsOf } from '../../src/ownership/labels';
import { currentRun, type Run } from '../../src/ownership/run';
import { resolveImage } from '../../src/image/sources/resolve';
import globalSetup from '../../src/jest/global-setup';
import { InvalidOptionError, statusOf } from '../../src/support/errors';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { typed } from '../../tooling/spec-helpers/run-cli';
import { buildForFaults } from '../../tooling/faults/build';
import { ownedBy, startJest, untilReaped, type ChildJest } from '../../tooling/faults/jest-project';
import { describeBesideEngine } from '../../tooling/spec-helpers/modes';

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

  afterEach(() => Promise.all([...goes, ...stays].map((resource) => resource.remove())));

  it('is named by the doctor, with what removes it', async () => {
    const { lines } = await doctor();

    const line = lines.find(({ name }) => name === 'orphans');
    expect(line).toMatchObject({
      status: 'warning',
      advice: expect.stringContaining('npx belljar clean') as string,
    });
    for (const { kind, name } of goes) expect(line?.found).toContain(`${kind} ${name}`);
    for (const { name } of stays) expect(line?.found).not.toContain(name);
  });

  it('is removed by the set-up of the next run, which says so in one line', async () => {
    const lines = await linesOfSetup();

    const said = lines.filter((line) => line.startsWith('belljar: removed orphans of killed runs: '));
    expect(said).toHaveLength(1);
    for (const { kind, name } of goes) expect(said[0]).toContain(`${kind} ${name}`);
    expect(await Promise.all(goes.map((resource) => resource.exists()))).toEqual([false, false, false]);
    expect(await Promise.all(stays.map((resource) => resource.exists()))).toEqual([true, true, true, true]);
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

    expect(printed).toMatch(/^KIND +ID +AGE +RUN +OWNER +OPENED BY +NAME\n/);
    expect(printed).toMatch(
      new RegExp(
        `^network +[0-9a-f]{12} +\\d+ s +[0-9a-f]{16} +dead \\(process \\d+\\) +- +${goes[1]?.name}$`,
        'm',
      ),
    );
  });

  it('is only listed by belljar clean --dry-run', async () => {
    const { code, printed } = await typed('clean', '--dry-run');

    expect(printed).toMatch(/^Would remove:\nKIND/);
    for (const { name } of goes) expect(printed).toContain(name);
    for (const { name } of stays) expect(printed).not.toContain(name);
    expect(await Promise.all(goes.map((resource) => resource.exists()))).toEqual([true, true, true]);
    expect(code).toBe(0);
  });

  it('is removed by belljar clean, and nothing else is', async () => {
    const { code, printed } = await typed('clean', '--json');

    const { removed } = JSON.parse(printed) as { removed: Entry[] };
    expect(removed.map(({ name }) => name)).toEqual(expect.arrayContaining(goes.map(({ name }) => name)));
    expect(await Promise.all(goes.map((resource) => resource.exists()))).toEqual([false, false, false]);
    expect(await Promise.all(stays.map((resource) => resource.exists()))).toEqual([true, true, true, true]);
    expect(code).toBe(0);
  });

  it('makes belljar clean fail if the engine does not remove it, after all else has gone', async () => {
    const [container, network, volume] = goes;
    await container?.remove();
    await using user = await leave('container', undefined, { network: network?.name });
    const { docker } = await connectEngine();
    await docker.getContainer(user.id).start();

    const { code, complained } = await typed('clean');

    expect(complained).toContain(`belljar clean: the engine did not remove network ${network?.name}: `);
    expect(await volume?.exists()).toBe(false);
    expect(code).toBe(1);
  });
});

describe('A container that is kept', () => {
  const owner = dead();
  let network: Left;
  let kept: Left;
  let other: Left;

  beforeEach(async () => {
    network = await leave('network', owner);
    kept = await leave('container', owner, { network: network.name, prefix: 'belljar-kept-spec-' });
    other = await leave('network', owner);
  });

  afterEach(async () => {
    await kept.remove();
    await Promise.all([network.remove(), other.remove()]);
  });

  it('stays when the next run sweeps, with the network that it is on; the set-up names it', async () => {
    const lines = await linesOfSetup();

    expect(await Promise.all([kept, network, other].map((resource) => resource.exists()))).toEqual([
      true,
      true,
      false,
    ]);
    const said = lines.find((line) => line.startsWith('belljar: kept by earlier runs: '));
    expect(said).toContain(`container ${kept.name}`);
    expect(said).toContain('npx belljar clean');
  });

  it('is listed as kept, is no problem to the doctor, and goes by belljar clean', async () => {
    const listed = await typed('ps');
    const { lines } = await doctor();
    const wouldGo = await typed('clean', '--dry-run');
    const cleaned = await typed('clean', '--json');

    expect(listed.printed).toMatch(
      new RegExp(`^container .* kept, dead \\(process \\d+\\) +- +${kept.name}$`, 'm'),
    );
    expect(listed.printed).toMatch(
      new RegExp(`^network .* kept, dead \\(process \\d+\\) +- +${network.name}$`, 'm'),
    );
    expect(lines.find(({ name }) => name === 'orphans')?.found).not.toContain(kept.name);
    expect(wouldGo.printed).toContain(kept.name);
    const { removed } = JSON.parse(cleaned.printed) as { removed: Entry[] };
    expect(removed).toContainEqual(expect.objectContaining({ name: kept.name, kept: true }));
    expect(await Promise.all([kept.exists(), network.exists()])).toEqual([false, false]);
  });
});

describeBesideEngine('BELLJAR_KEEP=failed', () => {
  const build = buildForFaults();

  afterAll(() => build[Symbol.dispose]());

  it('keeps the containers of failed tests beyond the end of the run, and says how to enter them', async () => {
    const { docker } = await connectEngine();
    const host = await anotherPathToTheEngine('docker.sock');

    const jest = await runKeeping(['kept', '--maxWorkers=1'], host);

    const entered = enteredBy(jest);
    expect(jest.output()).toContain('Tests:       2 failed, 2 passed, 4 total');
    const command = new RegExp(`^DOCKER_HOST='${host}' docker exec -it belljar-kept-[0-9a-f]{12} sh$`);
    expect(entered).toEqual([expect.stringMatching(command), expect.stringMatching(command)]);
    const names = entered.map((command) => command.split(' ').at(-2) ?? '');
    const left = await ownedBy(jest.process.pid);
    expect(left.filter((resource) => resource.startsWith('container')).sort()).toEqual(
      names.map((name) => `container ${name}`).sort(),
    );
    expect(left.filter((resource) => resource.startsWith('network'))).toEqual([
      expect.stringMatching(/-kept$/),
    ]);
    const inside = await Promise.all(names.map((name) => docker.getContainer(name).inspect()));
    expect(inside.map(({ State }) => State.Running)).toEqual([true, true]);
    const changes = await Promise.all(names.map((name) => docker.getContainer(name).changes()));
    expect(changes.flat()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Path: '/left-by-the-test' }),
        expect.objectContaining({ Path: '/left-by-the-function' }),
      ]),
    );

    await typed('clean');

    expect(await ownedBy(jest.process.pid)).toEqual([]);
  });

  it('keeps ten at most in one process, and says so', async () => {
    const host = await anotherPathToTheEngine('docker.sock');

    const jest = await runKeeping(['crowd', '--runInBand'], host);

    expect(jest.output()).toContain('Tests:       11 failed, 11 total');
    expect(enteredBy(jest)).toHaveLength(10);
    expect(jest.output()).toMatch(
      /belljar: container [0-9a-f]{12} is not kept: 10 are already, in this process/,
    );
    expect(await ownedBy(jest.process.pid)).toHaveLength(10);

    await typed('clean');

    expect(await ownedBy(jest.process.pid)).toEqual([]);
  });

  it('keeps nothing in an engine of belljar’s own, which ends with the run, and says so', async () => {
    // Known by the record beside its socket.
    const host = await anotherPathToTheEngine('own/docker.sock');
    writeFileSync(join(build.directory, 'own/engine.json'), '{}');

    const jest = await runKeeping(['kept', '--maxWorkers=1'], host);

    expect(jest.output()).toMatch(
      /belljar: container [0-9a-f]{12} is not kept: belljar's own engine "own" ends with what uses it/,
    );
    expect(enteredBy(jest)).toEqual([]);
    expect(await ownedBy(jest.process.pid)).toEqual([]);
  });

  /** The specs' own engine may be one of belljar's, in which nothing is kept: it is not known as such by this path. */
  async function anotherPathToTheEngine(name: string): Promise<string> {
    const { endpoint } = await connectEngine();
    const path = join(build.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(socketPathOf(endpoint.host) ?? '', path);
    return `unix://${path}`;
  }

  async function runKeeping(args: string[], host: string): Promise<ChildJest> {
    const jest = startJest(build, args, {
      BELLJAR_KEEP: 'failed',
      BELLJAR_REPORT: 'off',
      DOCKER_HOST: host,
    });
    const [exitCode] = await jest.ended;
    await untilReaped(build);
    expect(exitCode).toBe(1);
    return jest;
  }

  it('is refused if it is anything else', async () => {
    process.env.BELLJAR_KEEP = 'all';

    const refused = rejectionOf(globalSetup(), InvalidOptionError);

    try {
      expect((await refused).message).toBe("BELLJAR_KEEP must be 'failed' or 'off'; got 'all'.");
    } finally {
      delete process.env.BELLJAR_KEEP;
    }
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

/** The commands that a run has printed, by which its containers can be entered. */
function enteredBy(jest: ChildJest): string[] {
  const lines = jest.output().matchAll(/belljar: kept container [0-9a-f]{12}: (.*)/g);
  return [...lines].map(([, command = '']) => command);
}

/** What the set-up of a run prints. */
async function linesOfSetup(): Promise<string[]> {
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
  return lines;
}

interface Left extends AsyncDisposable {
  kind: string;
  id: string;
  name: string;
  exists(): Promise<boolean>;
  remove(): Promise<void>;
}

/** Makes a resource in the engine as a run does, or as another program does if the run is undefined. */
async function leave(
  kind: 'container' | 'network' | 'volume',
  run: Run | undefined,
  { network = 'none', prefix = 'belljar-spec-' } = {},
): Promise<Left> {
  const { docker } = await connectEngine();
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
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
  const resource = await made[kind]();
  const unlessGone = (action: Promise<unknown>): Promise<boolean> =>
    action.then(
      () => true,
      (error: unknown) => {
        if (statusOf(error) === 404) return false;
        throw error;
      },
    );
  const remove = async (): Promise<void> => {
    await unlessGone(resource.remove({ force: true }));
  };
  return {
    kind,
    id: 'id' in resource ? resource.id : name,
    name,
    exists: () => unlessGone(resource.inspect()),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
