import { fastest, interleave, median, percentile, throughput } from '../../bench/measure';
import { toRow } from '../../bench/row';
import { runSpecs } from '../../bench/runner';

const { signal } = new AbortController();

describe('taking turns', () => {
  it('goes A B C A B C, and throws the warm-up away', async () => {
    const order: string[] = [];
    const turn = (name: string) => (): Promise<number> => Promise.resolve(order.push(name));

    const values = await interleave(
      { a: turn('a'), b: turn('b'), c: turn('c') },
      { rounds: 2, warmUp: 1, signal },
    );

    expect(order.join('')).toBe('abcabcabc');
    expect(values).toEqual({ a: [4, 7], b: [5, 8], c: [6, 9] });
  });

  it('ends at the first turn that fails, so that nothing broken gets a time', async () => {
    const after = jest.fn(() => Promise.resolve(1));
    const broken = (): Promise<number> => Promise.reject(new Error('exit code 1'));

    const measuring = interleave({ broken, after }, { rounds: 2, signal });

    await expect(measuring).rejects.toThrow('exit code 1');
    expect(after).not.toHaveBeenCalled();
  });

  it('ends when it is interrupted', async () => {
    const controller = new AbortController();
    const turn = jest.fn(() => {
      controller.abort(new Error('Ctrl-C'));
      return Promise.resolve(1);
    });

    const measuring = interleave({ turn }, { rounds: 100, signal: controller.signal });

    await expect(measuring).rejects.toThrow('Ctrl-C');
    expect(turn).toHaveBeenCalledTimes(1);
  });
});

describe('doing much at once', () => {
  it('does it so many times, and never more at once than asked', async () => {
    let done = 0;
    let now = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      done += 1;
    };

    await throughput(10, 3, work);

    expect({ done, most }).toEqual({ done: 10, most: 3 });
  });
});

describe('medians and spread', () => {
  it('lie between values if necessary', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(percentile([10, 20, 30], 5)).toBe(11);
    expect(percentile([7], 95)).toBe(7);
  });

  it('are not made up if nothing was measured', () => {
    expect(() => median([])).toThrow('no percentile of no values');
  });

  it('choose the faster of two ways by its median, not by its best value', () => {
    expect(fastest({ lucky: [1, 9, 9], steady: [5, 5, 5] }).name).toBe('steady');
  });
});

describe('a row', () => {
  const samples = { belljar: [2, 2, 2], testcontainers: [80, 81, 79], engine: [40] };

  it('says how many times less belljar takes, and whether that is enough', () => {
    const row = toRow({
      name: 'x',
      unit: 'ms',
      samples,
      comparison: { of: 'testcontainers/belljar', atLeast: 41 },
    });

    expect(row).toMatchObject({ belljar: 2, testcontainers: 80, engine: 40, ratio: 40, reached: false });
  });

  it('has no ratio, and reaches no target, if a side was not measured', () => {
    const row = toRow({
      name: 'x',
      unit: 'ms',
      samples: { belljar: [1] },
      comparison: { of: 'belljar/engine', atMost: 1.15 },
    });

    expect(row).toMatchObject({ engine: null, ratio: null, reached: false });
  });
});

describe('the small runner', () => {
  it('runs hooks around tests as a test runner does, and leaves no globals behind', async () => {
    const order: string[] = [];
    const note = (name: string) => (): void => void order.push(name);
    const own = { beforeAll, beforeEach, afterEach, afterAll };

    try {
      await runSpecs(
        () => {
          beforeAll(note('before all'));
          beforeEach(note('before'));
          afterEach(note('after'));
          afterAll(note('after all'));
        },
        2,
        () => Promise.resolve(void order.push('test')),
      );
      expect('beforeAll' in globalThis).toBe(false);
    } finally {
      Object.assign(globalThis, own);
    }

    const each = ['before', 'test', 'after'];
    expect(order).toEqual(['before all', ...each, ...each, 'after all']);
  });
});
