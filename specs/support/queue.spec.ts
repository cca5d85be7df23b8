import { createQueue } from '../../src/support/queue';

describe('A queue', () => {
  it('serves those who wait in the order they came', async () => {
    const queue = createQueue<string>();
    const turns = [queue.wait(), queue.wait(60_000, 'late'), queue.wait()];

    ['a', 'b', 'c'].forEach((value) => queue.serve(value));

    expect(await Promise.all(turns)).toEqual(['a', 'b', 'c']);
    expect(queue.length).toBe(0);
  });

  it('lets go of who has waited long enough, and of nobody else', async () => {
    const queue = createQueue<string>();
    const first = queue.wait();
    const impatient = queue.wait(1, 'late');

    expect(await impatient).toBe('late');
    expect(queue.length).toBe(1);
    queue.serve('a');
    expect(await first).toBe('a');
  });

  it('ends one wait with an error, or every one', async () => {
    const queue = createQueue<string>();
    const turns = [queue.wait(), queue.wait(), queue.wait(60_000, 'late')];

    queue.fail(new Error('one'));
    queue.failAll(new Error('all'));

    const outcomes = await Promise.allSettled(turns);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && String(outcome.reason))).toEqual([
      'Error: one',
      'Error: all',
      'Error: all',
    ]);
    expect(queue.length).toBe(0);
  });

  it('gives everyone the same where there is nothing to wait for', async () => {
    const queue = createQueue<undefined>();
    const turns = [queue.wait(), queue.wait(60_000, undefined)];

    queue.serveAll(undefined);

    expect(await Promise.all(turns)).toEqual([undefined, undefined]);
  });

  it('takes no notice of a serving that nobody waits for', async () => {
    const queue = createQueue<string>();

    queue.serve('lost');
    queue.fail(new Error('lost'));

    expect(await queue.wait(1, 'late')).toBe('late');
  });
});
