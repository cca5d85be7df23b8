import { PauseAwareContainer } from '../../src/container/pause-aware-container';

/** An engine that notes what it is asked, and answers when it is told to. */
function fakeEngine() {
  const events: string[] = [];
  let answer: (error: Error | null) => void = () => undefined;
  const dial = ({ path }: { path: string }, callback: (error: Error | null) => void): void => {
    events.push(path);
    answer = callback;
  };
  const container = new PauseAwareContainer({ dial, Promise }, 'abc');
  PauseAwareContainer.onPause(container, () => {
    events.push('told');
    return () => events.push('undone');
  });
  return { container, events, answer: (error: Error | null) => answer(error) };
}

describe('A container that is paused through its own object', () => {
  it('tells so before the engine is asked, so that the next command knows', async () => {
    const { container, events, answer } = fakeEngine();

    const paused = container.pause();

    expect(events).toEqual(['told', '/containers/abc/pause']);
    answer(null);
    await paused;
    expect(events).toHaveLength(2);
  });

  it('takes that back where the engine refuses', async () => {
    const { container, events, answer } = fakeEngine();

    const paused = container.pause({});
    answer(new Error('already paused'));

    await expect(paused).rejects.toThrow('already paused');
    expect(events).toEqual(['told', '/containers/abc/pause', 'undone']);
  });

  it.each([
    ['alone', (container: PauseAwareContainer, done: (error?: unknown) => void) => container.pause(done)],
    [
      'after options',
      (container: PauseAwareContainer, done: (error?: unknown) => void) => container.pause({}, done),
    ],
  ])('takes a callback %s, as dockerode does', async (_, pause) => {
    for (const refusal of [null, new Error('refused')]) {
      const { container, events, answer } = fakeEngine();
      const error = new Promise((resolve) => pause(container, resolve));
      answer(refusal);

      expect(await error).toBe(refusal);
      expect(events.slice(0, 2)).toEqual(['told', '/containers/abc/pause']);
    }
  });
});
