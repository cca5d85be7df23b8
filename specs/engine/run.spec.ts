import { labelsOf, runOf } from '../../src/engine/labels';
import { currentRun, isRunAlive } from '../../src/engine/run';

describe('A run of belljar', () => {
  it('is the same for everything in a process, and for its children through the environment', () => {
    const run = currentRun();

    expect(currentRun()).toEqual(run);
    expect(process.env.BELLJAR_RUN).toContain(run.id);
  });

  it('is alive as long as its process', () => {
    const run = currentRun();

    expect(isRunAlive(run)).toBe(true);
    expect(isRunAlive({ ...run, pidStart: '1' })).toBe(false);
    expect(isRunAlive({ ...run, pid: 2 ** 22 + 1 })).toBe(false);
    expect(isRunAlive({ ...run, bootId: 'another boot' })).toBe(false);
  });

  it('is read back from the labels of what it owns', () => {
    const run = currentRun();

    expect(runOf(labelsOf(run))).toEqual(run);
    expect(runOf({ app: 'somebody else’s' })).toBeUndefined();
  });
});
