import timers from 'node:timers';
import { poll } from '../../src/support/poll';
import { elapsedTime, timeOfDay, timeoutSignal } from '../../src/support/time';
import { withinTime } from '../../src/support/within-time';

const never = new Promise<never>(() => undefined);

describe('The time of belljar', () => {
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it.each([
    ['modern', {}],
    ['legacy', { legacyFakeTimers: true }],
  ])('is real if a test has %s fake timers', async (_, kind) => {
    jest.useFakeTimers(kind);

    await expect(withinTime(never, 20, 'too late')).rejects.toThrow('too late');
    await expect(poll(() => false, { for: 'nothing', timeout: 20, interval: 5 })).rejects.toThrow('nothing');
  });

  it('is not the time that a test sets', async () => {
    jest.useFakeTimers({ now: 0 });
    const before = elapsedTime();

    await expect(withinTime(never, 20, 'too late')).rejects.toThrow('too late');

    expect(Date.now()).toBe(0);
    expect(timeOfDay()).toBeGreaterThan(Date.UTC(2024));
    expect(elapsedTime() - before).toBeGreaterThan(15);
  });

  it('is real if a test replaces the functions of the modules', async () => {
    jest.spyOn(timers, 'setTimeout').mockImplementation();
    jest.spyOn(performance, 'now').mockReturnValue(0);
    jest.spyOn(Date, 'now').mockReturnValue(0);

    await expect(withinTime(never, 20, 'too late')).rejects.toThrow('too late');
    expect(elapsedTime()).toBeGreaterThan(0);
    expect(timeOfDay()).toBeGreaterThan(0);
  });

  it('has signals that abort in real time', async () => {
    jest.useFakeTimers();
    const signal = timeoutSignal(20);

    await poll(() => signal.aborted, { for: 'the signal to abort', timeout: 5000 });
  });
});
