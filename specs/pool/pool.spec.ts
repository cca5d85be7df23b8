import { createPool, type Pool } from '../../src/pool/pool';
import type { Poolable } from '../../src/pool/bucket';
import { poll } from '../../src/support/poll';

/** An item that takes no time to start, and says what became of it. */
interface Item extends Poolable {
  number: number;
  kind: string;
  alive: boolean;
  removed: boolean;
}

describe('A pool', () => {
  it('starts nothing ahead for a kind that is asked for once', async () => {
    const { started, ask } = poolOfItems();

    await ask('a');

    expect(started).toHaveLength(1);
  });

  it('keeps one ready of a kind that is asked for again', async () => {
    const { started, ask } = poolOfItems();

    await ask('a');
    await ask('a');
    await settled(started, 3);

    expect((await ask('a')).number).toBe(3);
  });

  it('never hands out the same item twice', async () => {
    const { ask } = poolOfItems();

    const numbers = [];
    for (let turn = 0; turn < 50; turn += 1) numbers.push((await ask('a')).number);

    expect(new Set(numbers).size).toBe(50);
  });

  it('gives callers that ask at once an item each', async () => {
    const { ask } = poolOfItems();

    const items = await Promise.all(Array.from({ length: 20 }, () => ask('a')));

    expect(new Set(items.map(({ number }) => number)).size).toBe(20);
  });

  it('never lets one kind stand for another', async () => {
    const { ask } = poolOfItems();

    const kinds = [];
    for (let turn = 0; turn < 10; turn += 1) kinds.push((await ask('a')).kind, (await ask('b')).kind);

    expect(kinds).toEqual(Array.from({ length: 10 }, () => ['a', 'b']).flat());
  });

  it('does not hand out an item that died while it waited, and removes it', async () => {
    const { started, ask } = poolOfItems();
    await ask('a');
    await ask('a');
    const waiting = await settled(started, 3);
    waiting.alive = false;

    const given = await ask('a');

    expect(given).not.toBe(waiting);
    expect(waiting.removed).toBe(true);
  });

  it('keeps to its size, however much is asked for', async () => {
    const { started, ask } = poolOfItems({ size: 2 });

    for (let turn = 1; turn <= 30; turn += 1) {
      await Promise.all([ask('a'), ask('b'), ask('c')]);
      expect(started.length - 3 * turn).toBeLessThanOrEqual(2);
    }
  });

  it('starts ahead only two at once, if that is its limit, beside the one that is waited for', async () => {
    const { started, underWay, ask } = poolOfItems({ startTime: 20 });
    await Promise.all([ask('a'), ask('a'), ask('a'), ask('a')]);
    underWay.most = 0;

    for (let turn = 0; turn < 10; turn += 1) await ask('a');

    await settled(started, 14);
    expect(underWay.most).toBeLessThanOrEqual(3);
  });

  it('can be waited for until nothing is being started, and starts nothing more until it is asked again', async () => {
    const size = 4;
    const { pool, started, underWay, ask } = poolOfItems({ size, startTime: 20 });
    await Promise.all([ask('a'), ask('a'), ask('a')]);

    await pool.settled();

    expect(underWay.now).toBe(0);
    const count = started.length;
    for (let turn = 0; turn < size; turn += 1) await ask('a');
    expect(started.length).toBeGreaterThan(count);
  });

  it('starts nothing ahead with a size of 0', async () => {
    const { started, ask } = poolOfItems({ size: 0 });

    for (let turn = 0; turn < 5; turn += 1) await ask('a');

    expect(started).toHaveLength(5);
  });

  it('removes what was not handed out when it is drained, and nothing else', async () => {
    const { pool, started, ask } = poolOfItems();
    const given = [await ask('a'), await ask('a'), await ask('b'), await ask('b')];

    await pool.drain();

    expect(started.filter(({ removed }) => !removed)).toEqual(given);
  });

  it('passes on the error of a start to its caller, and continues', async () => {
    const pool = createPool<Item>({ size: 4, starts: 2, removals: 2 });
    const fail = (): Promise<Item> => Promise.reject(new Error('no room'));

    await expect(pool.acquire('a', fail)).rejects.toThrow('no room');
    await expect(pool.acquire('a', fail)).rejects.toThrow('no room');

    await expect(pool.drain()).resolves.toBeUndefined();
  });
});

/** @param options `startTime`: how long a start takes, in milliseconds */
function poolOfItems({ size = 4, startTime = 0 } = {}) {
  const pool: Pool<Item> = createPool({ size, starts: 2, removals: 2 });
  const started: Item[] = [];
  const underWay = { now: 0, most: 0 };
  const start = async (kind: string): Promise<Item> => {
    const item: Item = {
      number: started.length + 1,
      kind,
      alive: true,
      removed: false,
      isAlive: () => Promise.resolve(item.alive),
      remove: () => {
        item.removed = true;
        return Promise.resolve();
      },
    };
    started.push(item);
    underWay.now += 1;
    underWay.most = Math.max(underWay.most, underWay.now);
    const begun = performance.now();
    if (startTime > 0) {
      const isOver = (): boolean => performance.now() - begun > startTime;
      await poll(isOver, { for: 'the start', timeout: 5000, interval: 1 });
    }
    underWay.now -= 1;
    return item;
  };
  return { pool, started, underWay, ask: (kind: string) => pool.acquire(kind, () => start(kind)) };
}

/** Waits until so many were started, and gives the last. */
async function settled(started: readonly Item[], count: number): Promise<Item> {
  return poll(() => started[count - 1], { for: `${count} starts`, timeout: 5000, interval: 1 });
}
