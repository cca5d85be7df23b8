import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { startContainer, withContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { createChanges } from '../../src/filesystem/changes/changes';
import type { Change } from '../../src/filesystem/changes/change';

/** How many sequences of operations are tried; more with BELLJAR_FUZZ_RUNS. */
const runs = Number(process.env.BELLJAR_FUZZ_RUNS ?? 12);

/** What the model knows of a path. A hard link is a second path to one node. */
interface Node {
  type: 'file' | 'directory' | 'symlink';
  mode: number;
  uid: number;
  content: string;
  /** Changes whenever it is written, as the time does. */
  written: number;
}

type Model = Map<string, Node>;

interface Operation {
  /** For the counterexample that fast-check prints. */
  shell: string;
  /** Whether the model lets it be done now. */
  isPossible: (model: Model) => boolean;
  apply: (model: Model) => void;
}

const root = '/opt/model';
const names = ['a', 'b', 'c', 'd', 'd/a', 'd/b', 'd/e', 'd/e/a'].map((name) => `${root}/${name}`);
const path = fc.constantFrom(...names);
const text = fc.constantFrom('', 'one', 'two', 'three');

const parentIsThere = (model: Model, at: string) =>
  model.get(at.slice(0, at.lastIndexOf('/')))?.type === 'directory';
const isFree = (model: Model, at: string) => parentIsThere(model, at) && !model.has(at);
const isFile = (model: Model, at: string) => model.get(at)?.type === 'file';
const below = (model: Model, at: string) =>
  [...model.keys()].filter((other) => other === at || other.startsWith(`${at}/`));
let clock = 1;

function node(type: Node['type'], mode: number, content = ''): Node {
  return { type, mode, uid: 0, content, written: ++clock };
}

/** A new time for what a command writes: seconds are all that archives know, so each is set, in the far past. */
const stamp = (at: string, time: number) => `touch -h -d @${time} ${at}`;

const operations: fc.Arbitrary<Operation>[] = [
  fc.tuple(path, text).map(([at, content]) => ({
    shell: `printf %s '${content}' > ${at}`,
    isPossible: (model) => isFree(model, at) || isFile(model, at),
    apply: (model) => {
      const old = model.get(at);
      if (old === undefined) model.set(at, node('file', 0o644, content));
      else Object.assign(old, { content, written: ++clock });
    },
  })),
  fc.tuple(path, text).map(([at, content]) => ({
    shell: `printf %s '${content}' >> ${at}`,
    isPossible: (model) => isFile(model, at) && content !== '',
    apply: (model) => {
      const old = model.get(at);
      if (old !== undefined) Object.assign(old, { content: old.content + content, written: ++clock });
    },
  })),
  path.map((at) => ({
    shell: `cat ${at} > /dev/shm/same; cat /dev/shm/same > ${at}`,
    isPossible: (model) => isFile(model, at),
    apply: (model) => Object.assign(model.get(at) ?? {}, { written: ++clock }),
  })),
  fc.tuple(path, fc.constantFrom(0o600, 0o700, 0o755, 0o1777)).map(([at, mode]) => ({
    shell: `chmod ${mode.toString(8)} ${at}`,
    isPossible: (model) => model.has(at) && model.get(at)?.type !== 'symlink',
    apply: (model) => Object.assign(model.get(at) ?? {}, { mode }),
  })),
  fc.tuple(path, fc.constantFrom(0, 1, 4711)).map(([at, uid]) => ({
    shell: `chown -h ${uid} ${at}`,
    isPossible: (model) => model.has(at),
    apply: (model) => Object.assign(model.get(at) ?? {}, { uid }),
  })),
  path.map((at) => ({
    shell: `rm -rf ${at}`,
    isPossible: (model) => model.has(at),
    apply: (model) => below(model, at).forEach((gone) => model.delete(gone)),
  })),
  path.map((at) => ({
    shell: `mkdir ${at}`,
    isPossible: (model) => isFree(model, at),
    apply: (model) => model.set(at, node('directory', 0o755)),
  })),
  fc.tuple(path, fc.constantFrom('a', '/etc/passwd')).map(([at, target]) => ({
    shell: `ln -s ${target} ${at}`,
    isPossible: (model) => isFree(model, at),
    apply: (model) => model.set(at, node('symlink', 0o777, target)),
  })),
  fc.tuple(path, path).map(([from, at]) => ({
    shell: `ln ${from} ${at}`,
    isPossible: (model) => isFile(model, from) && isFree(model, at),
    apply: (model) => {
      const shared = model.get(from);
      if (shared !== undefined) model.set(at, shared);
    },
  })),
  fc.tuple(path, path).map(([from, at]) => ({
    shell: `mv ${from} ${at}`,
    isPossible: (model) => model.has(from) && isFree(model, at) && !at.startsWith(`${from}/`),
    apply: (model) => {
      for (const moved of below(model, from)) {
        const entry = model.get(moved);
        model.delete(moved);
        if (entry !== undefined) model.set(at + moved.slice(from.length), entry);
      }
    },
  })),
  path.map((at) => ({
    shell: `rm ${at}; mkdir ${at}`,
    isPossible: (model) => isFile(model, at),
    apply: (model) => model.set(at, node('directory', 0o755)),
  })),
  path.map((at) => ({
    shell: `rm -r ${at}; printf file > ${at}`,
    isPossible: (model) => model.get(at)?.type === 'directory',
    apply: (model) => {
      below(model, at).forEach((gone) => model.delete(gone));
      model.set(at, node('file', 0o644, 'file'));
    },
  })),
];

const operation = fc.oneof(...operations).map((one) => ({ ...one, [fc.toStringMethod]: () => one.shell }));
const sequence = fc.array(operation, { minLength: 1, maxLength: 14 });

/**
 * What the image has already, so that there is something to hide, replace and copy up. No hard links: an overlay parts
 * those of an image when one is written (Linux kernel documentation, "Overlay Filesystem", "Non-standard behavior").
 */
const inImage = `mkdir -m 755 ${root} ${root}/d ${root}/d/e; cd ${root}; printf one > a; printf two > d/a; printf three > d/e/a; ln -s a b; touch -h -d @1 a b d/a d/e/a`;

function imageModel(): Model {
  const model: Model = new Map([
    [root, node('directory', 0o755)],
    [`${root}/a`, node('file', 0o644, 'one')],
    [`${root}/b`, node('symlink', 0o777, 'a')],
    [`${root}/d`, node('directory', 0o755)],
    [`${root}/d/a`, node('file', 0o644, 'two')],
    [`${root}/d/e`, node('directory', 0o755)],
    [`${root}/d/e/a`, node('file', 0o644, 'three')],
  ]);
  for (const entry of model.values()) entry.written = 1;
  return model;
}

describe('The changes of a container, after any file operations', () => {
  const image = `belljar-spec/changes-model:${process.pid}`;
  const { XDG_CACHE_HOME: cacheBefore } = process.env;
  let cache: string;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'belljar-model-'));
    process.env.XDG_CACHE_HOME = cache;
    await using base = await startContainer();
    await base.run('/bin/sh', ['-e', '-c', inImage]);
    await base.docker.commit({ repo: image.split(':')[0], tag: image.split(':')[1] });
  });

  afterAll(async () => {
    if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cacheBefore;
    await rm(cache, { recursive: true, force: true });
    const { docker } = await connectEngine();
    await docker.getImage(image).remove({ force: true });
  });

  it('are what a model of the files says, against the image and against any moment', async () => {
    const seed = Number(process.env.BELLJAR_FUZZ_SEED ?? Date.now() & 0x7fffffff);
    // Printed, so that a failure can be had again: BELLJAR_FUZZ_SEED.
    process.stderr.write(`changes-model: seed ${seed}, ${runs} runs\n`);

    await fc.assert(
      fc.asyncProperty(sequence, sequence, async (first, second) => {
        await withContainer(
          async (box) => {
            const reader = createChanges(box);
            const initial = imageModel();
            const model = copyOf(initial);
            await box.run('/bin/sh', ['-e', '-c', script(first, model)]);
            const middle = copyOf(model);
            const during = script(second, model);

            const changes = await reader.changesDuring(() => box.run('/bin/sh', ['-e', '-c', during]));

            expect(changes.map(summary)).toEqual(expectedChanges(middle, model));
            const all = await reader.changes();
            expect(all.map(summary)).toEqual(expectedChanges(initial, model));
            expect(await createChanges(box, 'reader').changes()).toEqual(all);
          },
          { image },
        );
      }),
      { seed, numRuns: runs, endOnFailure: true, interruptAfterTimeLimit: 40_000 },
    );
  });
});

/** The operations that are possible, one after another, with times that tell every writing apart. */
function script(sequence: Operation[], model: Model): string {
  const lines: string[] = [':'];
  for (const { shell, isPossible, apply } of sequence) {
    if (!isPossible(model)) continue;
    apply(model);
    lines.push(
      shell,
      ...[...model]
        .filter(([, { type }]) => type !== 'directory')
        .map(([at, { written }]) => stamp(at, written)),
    );
  }
  return lines.join('\n');
}

/** Nodes that are shared stay shared. */
function copyOf(model: Model): Model {
  const copies = new Map([...new Set(model.values())].map((original) => [original, { ...original }]));
  return new Map([...model].map(([at, original]) => [at, copies.get(original) ?? original]));
}

function namesOf(model: Model, at: string): string[] {
  return [...model]
    .filter(([other, entry]) => other !== at && entry === model.get(at))
    .map(([other]) => other);
}

function describeNode(model: Model, at: string): string {
  const { type, mode, uid, content } = model.get(at) ?? node('file', 0);
  return `${type} ${mode.toString(8)} ${uid} ${type === 'symlink' ? content : type === 'file' ? content.length : ''}`;
}

function expectedChanges(old: Model, now: Model): string[] {
  const all = [...new Set([...old.keys(), ...now.keys()])].sort();
  return all.flatMap((at) => {
    const [was, is] = [old.get(at), now.get(at)];
    if (was === undefined) return [`added ${at} ${describeNode(now, at)}`];
    if (is === undefined) return [`deleted ${at} ${describeNode(old, at)}`];
    const hasNewName = namesOf(now, at).some((other) => !namesOf(old, at).includes(other));
    const isSame =
      describeNode(old, at) === describeNode(now, at) && was.content === is.content && !hasNewName;
    if (!isSame) return [`modified ${at} ${describeNode(old, at)} => ${describeNode(now, at)}`];
    return is.type !== 'directory' && was.written !== is.written ? [`rewritten ${at}`] : [];
  });
}

function summary({ path: at, kind, before, after }: Change): string {
  const side = (state: Change['after']): string => {
    if (state === undefined) return '';
    return `${state.type} ${state.mode.toString(8)} ${state.uid} ${state.target ?? state.size ?? ''}`;
  };
  if (kind === 'rewritten') return `rewritten ${at}`;
  return kind === 'modified'
    ? `modified ${at} ${side(before)} => ${side(after)}`
    : `${kind} ${at} ${side(before)}${side(after)}`;
}
