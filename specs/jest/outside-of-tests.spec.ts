import type { Box } from '../../src';
import type { RunnerHooks } from '../../src/runner/hooks';
import { useContainerWith } from '../../src/runner/use-container';
import { useContainersWith } from '../../src/runner/use-containers';
import { useNetworkWith } from '../../src/runner/use-network';

const ignore = (): void => undefined;
const hooksThatNeverRun: RunnerHooks = {
  beforeAll: ignore,
  afterAll: ignore,
  beforeEach: ignore,
};

describe('Outside of tests', () => {
  it.each<[string, () => unknown, string]>([
    [
      'useContainer()',
      () => useContainerWith(hooksThatNeverRun, {}).id,
      'use startContainer() or withContainer().',
    ],
    [
      'useContainers()',
      () => (useContainersWith(hooksThatNeverRun, { worker: { replicas: 1 } }, {}).worker as Box[])[0]?.id,
      'use startContainers().',
    ],
    ['useNetwork()', () => useNetworkWith(hooksThatNeverRun, {}).name, 'use startNetwork().'],
  ])('what %s returned names it, says when it exists, and what to use instead', (name, use, elsewhere) => {
    expect(use).toThrow(expect.objectContaining({ code: 'NO_CONTAINER' }) as Error);
    expect(use).toThrow(`${name} does not exist at this moment.`);
    expect(use).toThrow(`of the describe block (or file) that called ${name}.`);
    expect(use).toThrow(elsewhere);
  });
});
