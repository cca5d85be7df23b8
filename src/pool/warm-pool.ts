import { createHash } from 'node:crypto';
import { types } from 'node:util';
import type { Poolable } from './bucket';
import { createPool, type Pool } from './pool';
import { poolLimits } from './limits';
import { createRemovals, type Removals } from './removals';
import type { ContainerOptions } from '../container/options';
import { startFromImage } from '../container/start';
import type { Image } from '../image/image';
import { createBox, type Box } from '../box/box';
import { currentTestObserver, recordsCommands } from './test-observer';

/** The boxes that this process starts ahead, while somebody keeps the stock open. */
interface WarmPool {
  pool: Pool<PooledBox>;
  holders: number;
  /** Whether specs run commands in their boxes, so that a shell is worth opening ahead as well. */
  runsCommands: boolean;
}

interface PooledBox extends Poolable {
  box: Box;
}

/** On containers of the stock, whose last ones may outlive the process that started them by a moment. */
export const pooledLabel = 'belljar.stock';

let warmPool: WarmPool | undefined;

/** With the test that each was handed out in, where somebody knows. */
const handedOut = new Map<Box, object | undefined>();
let removals: Removals | undefined;

/**
 * From now until it is closed, containers that are asked for again and again are started ahead: each is still fresh and
 * handed out once. `useContainer()` does this by itself; scripts and other test runners may.
 *
 * @returns closes it: what was started ahead and never handed out is removed
 */
export function openPool(): AsyncDisposable {
  warmPool ??= { pool: createPool(poolLimits()), holders: 0, runsCommands: false };
  const held = warmPool;
  held.holders += 1;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    held.holders -= 1;
    if (held.holders > 0) return;
    if (warmPool === held) warmPool = undefined;
    await held.pool.drain();
  };
  return { [Symbol.asyncDispose]: () => (closed ??= close()) };
}

/** Waits until nothing is being started ahead: a process that ends meanwhile would be held up by it. */
export async function poolSettled(): Promise<void> {
  await warmPool?.pool.settled();
}

/** A fresh box, started ahead where the stock is open and has one. */
export async function freshBox(image: Image, options: ContainerOptions): Promise<Box> {
  const key = warmPool && poolKey(image, options);
  const box =
    warmPool === undefined || key === undefined
      ? createBox(await startFromImage(image, options), { options, recorded: recordsCommands() })
      : await takeFrom(warmPool, key, image, options);
  const test = currentTestObserver()?.currentTest();
  handedOut.set(box, test);
  const forget = (): void => {
    handedOut.delete(box);
    currentTestObserver()?.removed(box, test);
  };
  box.removal.addEventListener('abort', forget, { once: true });
  return box;
}

/** The boxes that were handed out and that nobody has removed yet. */
export function unremovedBoxes(): Box[] {
  return [...handedOut.keys()];
}

/**
 * The boxes that live and that a test may use: its own, and those that belong to no test. `test` is what the witness
 * gave.
 */
export function boxesOf(test: object): Box[] {
  return [...handedOut].filter(([, owner]) => owner === undefined || owner === test).map(([box]) => box);
}

/** Removes a box, or what belongs to boxes, behind the spec that used it. */
export function removeInBackground(container: Pick<Box, 'remove'>): void {
  removals ??= createRemovals(poolLimits().removals);
  removals.add(() => container.remove());
}

/**
 * Waits until every box that was to be removed is gone.
 *
 * @throws AggregateError with the errors of those that could not be removed
 */
export async function allRemoved(): Promise<void> {
  await removals?.settled();
}

async function takeFrom(from: WarmPool, key: string, image: Image, options: ContainerOptions): Promise<Box> {
  const labels = { ...options.labels, [pooledLabel]: '1' };
  const onCommand = (): void => {
    from.runsCommands = true;
  };
  const { box } = await from.pool.acquire(key, async () => {
    const container = await startFromImage(image, { ...options, labels });
    const settings = { options, prepared: from.runsCommands, onCommand, noted: recordsCommands() };
    return poolable(createBox(container, settings));
  });
  return box;
}

function poolable(box: Box): PooledBox {
  return { box, isAlive: () => isRunning(box), remove: () => box.remove() };
}

async function isRunning({ docker }: Box): Promise<boolean> {
  try {
    const { State } = await docker.inspect();
    return State.Running && !State.Paused;
  } catch {
    // Gone, or the engine is: either way it can't be handed out, and starting another tells why.
    return false;
  }
}

/**
 * Equal keys mean that nobody could tell the containers apart. Files from the host may change between the start and
 * the use, a network of the run's own must not outlive its containers, and a function can't be compared: containers
 * with those are never started ahead.
 */
function poolKey(image: Image, options: ContainerOptions): string | undefined {
  const { customize, network, files = [] } = options;
  const isPlain =
    customize === undefined && (network === undefined || network === 'bridge' || network === 'none');
  if (!isPlain || files.some(({ source }) => source !== undefined)) return undefined;
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([image.id, entries], (_, value: unknown) =>
    types.isRegExp(value) ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
