import { createHash } from 'node:crypto';
import { types } from 'node:util';
import type { Poolable } from './bucket';
import { createPool, type Pool } from './pool';
import { poolLimits } from './limits';
import { createRemovals, type Removals } from './removals';
import type { ContainerOptions } from '../container/options';
import { hasFixedPort } from '../container/options/networking';
import { startFromImage } from '../container/start';
import type { Image } from '../image/image';
import { pooledLabel } from '../ownership/labels';
import type { Box } from '../box/box';
import { createBox } from '../box/create-box';
import type { CallSite } from '../support/call-site';
import { useBox } from './in-use';
import { recordsCommands } from './test-observer';

/** The boxes that this process starts ahead, while the pool has a holder. */
interface WarmPool {
  pool: Pool<PooledBox>;
  holders: number;
  /** Whether specs run commands in their boxes, so that a shell is worth opening ahead as well. */
  runsCommands: boolean;
}

interface PooledBox extends Poolable {
  box: Box;
}

let warmPool: WarmPool | undefined;

let removals: Removals | undefined;

/**
 * Opens the pool: until it is closed, belljar starts containers ahead if they are asked for repeatedly. Each is still
 * fresh, and handed out once. `useContainer()` opens the pool by itself; scripts and other test runners may.
 *
 * @returns a disposable that closes the pool and removes the containers that were never handed out
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

/** Waits until nothing is being started ahead: a start would delay the end of the process. */
export async function poolSettled(): Promise<void> {
  await warmPool?.pool.settled();
}

/**
 * Returns a fresh box: one from the pool if the pool is open and has one, otherwise one that is started now.
 *
 * @param site the user's call, if the user is to remove the box
 */
export async function freshBox(image: Image, options: ContainerOptions, site?: CallSite): Promise<Box> {
  const key = warmPool && poolKey(image, options);
  const box =
    warmPool === undefined || key === undefined
      ? createBox(await startFromImage(image, options), { options, recorded: recordsCommands() })
      : await takeFrom(warmPool, key, image, options);
  useBox(box, site);
  return box;
}

/** Removes a box or a network in the background. */
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
  const { box } = await from.pool.acquire(key, async () => {
    const container = await startFromImage(image, { ...options, labels });
    const box = createBox(container, {
      options,
      prepared: from.runsCommands,
      recorded: recordsCommands(),
      onFirstCommand: () => {
        from.runsCommands = true;
      },
    });
    return poolable(box);
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
    // The container or the engine is gone. The start of another container says why.
    return false;
  }
}

/**
 * Returns a key that is equal for containers that can replace each other. Undefined for containers that are never
 * started ahead:
 * - with files or directories of the host, which may change before the use, or be missing until then;
 * - on a network or with a volume that has a name, which containers of this moment share, and which must not outlive
 *   them;
 * - with a port of the host, which only one container at a time can have: a container that waits would hold it;
 * - with a function, which can't be compared.
 */
function poolKey(image: Image, options: ContainerOptions): string | undefined {
  const { customize, network, files = [], binds = [], volumes = [] } = options;
  const isAlone = network === undefined || network === 'bridge' || network === 'none';
  const isPlain = customize === undefined && isAlone && !hasFixedPort(options);
  const hasHostFiles = binds.length > 0 || files.some(({ source }) => source !== undefined);
  if (!isPlain || hasHostFiles || volumes.some((volume) => typeof volume === 'object')) return undefined;
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([image.id, entries], (_, value: unknown) =>
    types.isRegExp(value) ? String(value) : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
