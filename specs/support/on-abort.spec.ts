import { onAbort } from '../../src/support/on-abort';

describe('What is done when a signal is aborted', () => {
  it('is done once, when it is', async () => {
    const controller = new AbortController();
    const act = jest.fn(() => 'done');

    const action = onAbort(controller.signal, act);

    expect(action.result()).toBeUndefined();
    controller.abort();
    controller.abort();
    await expect(action.result()).resolves.toBe('done');
    expect(act).toHaveBeenCalledTimes(1);
  });

  it('is done at once where the signal is aborted already', async () => {
    await expect(onAbort(AbortSignal.abort(), () => Promise.resolve('done')).result()).resolves.toBe('done');
  });

  it('is never done without a signal, or once it is forgotten', () => {
    const controller = new AbortController();
    const act = jest.fn();

    onAbort(undefined, act).forget();
    onAbort(controller.signal, act).forget();
    controller.abort();

    expect(act).not.toHaveBeenCalled();
  });

  it('fails where it throws or rejects, and disturbs nobody who does not wait for it', async () => {
    const thrown = onAbort(AbortSignal.abort(), () => {
      throw new Error('thrown');
    });
    const rejected = onAbort(AbortSignal.abort(), () => Promise.reject(new Error('rejected')));

    await expect(thrown.failed).rejects.toThrow('thrown');
    await expect(rejected.result()).rejects.toThrow('rejected');
  });
});
