import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';
import { labelsOf } from '../../src/ownership/labels';
import { reapAll } from '../../src/ownership/reaper/reap';
import { currentRun, type Run } from '../../src/ownership/run';
import { resolveImage } from '../../src/image/sources/resolve';
import { containerExists } from '../../tooling/engine/engine-state';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { buildForFaults, type Build } from '../../tooling/faults/build';
import { leftOf, reapersOf, startOwner, untilGone } from '../../tooling/faults/owners';
import { itBesideEngine } from '../../tooling/spec-helpers/modes';

describe('A program that has started a container', () => {
  const signals = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const;
  const build = buildForFaults();
  const ends = new Map<string, Promise<End>>();

  beforeAll(() => {
    // All at once: most of it is waiting.
    for (const signal of signals) ends.set(signal, endBy(build, signal));
    ends.set('itself', endByItself(build));
    return Promise.allSettled(ends.values());
  });
  afterAll(() => build[Symbol.dispose]());

  it.each([
    ['is killed', 'SIGKILL'],
    ['is interrupted with Ctrl-C', 'SIGINT'],
    ['is asked to end', 'SIGTERM'],
  ])('leaves nothing when it %s, and ends by that signal: 128 + n, as a shell has it', async (_, signal) => {
    const { owned, exit } = (await ends.get(signal)) ?? {};

    expect(owned).toEqual([expect.stringMatching(/^container /), expect.stringMatching(/^network /)]);
    expect(exit).toEqual([null, signal]);
  });

  it('leaves nothing when it ends without removing it', async () => {
    const { exit } = (await ends.get('itself')) ?? {};

    expect(exit).toEqual([0, null]);
  });

  it('has one reaper, out of reach for what ends its process group, session and children', async () => {
    const { reapers = [], group } = (await ends.get('SIGKILL')) ?? {};

    expect(reapers).toEqual([expect.objectContaining({ state: 'S', parent: '1' })]);
    expect([reapers[0]?.group, reapers[0]?.session]).not.toContain(group);
  });
});

/** How a program ended that had started a container; nothing is left of it by then. */
interface End {
  /** What it had in the engine before. */
  owned: string[];
  /** Its exit code and its signal. */
  exit: unknown[];
  reapers: Process[];
  /** Its process group. */
  group: string;
}

async function endBy(build: Build, signal: NodeJS.Signals): Promise<End> {
  const owner = await startOwner(build, 'wait');
  const [owned, reapers] = [await leftOf(owner.run.id), reapersOf(owner.run.id).map(processOf)];
  const { group } = processOf(owner.process.pid);
  owner.process.kill(signal);
  const exit = await once(owner.process, 'exit');
  await untilGone(owner.run.id);
  return { owned, exit, reapers, group };
}

async function endByItself(build: Build): Promise<End> {
  const owner = await startOwner(build, 'end');
  const { exitCode } = owner.process;
  const exit = exitCode === null ? await once(owner.process, 'exit') : [exitCode, null];
  await untilGone(owner.run.id);
  return { owned: [], exit, reapers: [], group: '' };
}

describe('The reaper', () => {
  const limits = { quiet: 200, retrying: 1000, dying: 300 };
  const dead = (): Run => ({ ...currentRun(), id: randomBytes(8).toString('hex'), pidStart: '1' });

  it('removes what has the labels of its run and nothing else', async () => {
    const run = dead();
    await using ours = await makeContainer(run);
    await using foreign = await makeContainer(undefined);
    await using other = await makeContainer(dead());
    const { endpoint } = await connectEngine();

    await withContainer(async (living) => {
      await reapAll([{ run, endpoint }], limits);

      expect(await Promise.all([ours, foreign, other, living].map(({ id }) => containerExists(id)))).toEqual([
        false,
        true,
        true,
        true,
      ]);
    });
  });

  it('leaves alone a container that has the labels from an image, which a user made of one of belljar’s', async () => {
    const run = dead();
    await using ours = await makeContainer(run);
    const { docker, endpoint } = await connectEngine();
    const committed = (await docker.getContainer(ours.id).commit()) as { Id: string };
    try {
      await using theirs = await makeContainer(undefined, committed.Id);

      await reapAll([{ run, endpoint }], limits);

      expect(await containerExists(theirs.id)).toBe(true);
      expect(await containerExists(ours.id)).toBe(false);
    } finally {
      await docker.getImage(committed.Id).remove({ force: true });
    }
  });

  it('touches nothing of a run whose process lives, though the pipe to it is closed', async () => {
    const run = { ...currentRun(), id: randomBytes(8).toString('hex') };
    await using ours = await makeContainer(run);
    const { endpoint } = await connectEngine();

    const { errors } = await rejectionOf(reapAll([{ run, endpoint }], limits), AggregateError);

    expect(errors).toEqual([expect.objectContaining({ code: 'TIMED_OUT' })]);
    expect(await containerExists(ours.id)).toBe(true);
  });

  itBesideEngine('outlives a restart of the engine', async () => {
    const run = dead();
    await using ours = await makeContainer(run);
    const { endpoint } = await connectEngine();
    const directory = await mkdtemp(join(tmpdir(), 'belljar-spec-'));
    const socket = join(directory, 'engine.sock');

    const reaping = reapAll([{ run, endpoint: { host: `unix://${socket}`, source: 'a spec' } }], {
      ...limits,
      retrying: 20_000,
    });
    symlinkSync(socketPathOf(endpoint.host) ?? '', socket);
    await reaping;

    expect(await containerExists(ours.id)).toBe(false);
    await rm(directory, { recursive: true });
  });

  it('gives up on an engine that does not come back', async () => {
    const endpoint = { host: 'unix:///no/such/engine.sock', source: 'a spec' };

    const started = performance.now();
    const { errors } = await rejectionOf(reapAll([{ run: dead(), endpoint }], limits), AggregateError);

    expect(errors).toEqual([expect.objectContaining({ code: 'TIMED_OUT' })]);
    expect(performance.now() - started).toBeLessThan(limits.retrying + 2000);
  });
});

/** A container that is never started, with the labels of a run, or without labels if the run is undefined. */
async function makeContainer(
  run: Run | undefined,
  image?: string,
): Promise<{ id: string } & AsyncDisposable> {
  const { docker } = await connectEngine();
  const container = await docker.createContainer({
    Image: image ?? (await resolveImage()).id,
    Cmd: ['true'],
    Labels: run && labelsOf(run),
  });
  return {
    id: container.id,
    [Symbol.asyncDispose]: async () => {
      if (await containerExists(container.id)) await container.remove({ force: true });
    },
  };
}

interface Process {
  state: string;
  parent: string;
  group: string;
  session: string;
}

/** As proc(5) has it, fields 3 to 6 of stat. */
function processOf(pid = 0): Process {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [state = '', parent = '', group = '', session = ''] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ');
  return { state, parent, group, session };
}
