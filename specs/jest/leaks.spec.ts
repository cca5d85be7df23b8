import { buildForFaults } from '../../tooling/faults/build';
import { startJest } from '../../tooling/faults/jest-project';

jest.setTimeout(60_000);

describe('A test file that leaves containers and networks in the engine', () => {
  const build = buildForFaults();
  let printed: string;

  beforeAll(async () => {
    const jest = startJest(build, ['leaking', '--maxWorkers=1']);
    expect(await jest.ended).toEqual([1, null]);
    printed = jest.output();
  });

  afterAll(() => build[Symbol.dispose]());

  it('fails, and keeps the results of its tests', () => {
    expect(printed).toContain('the failure itself');
    expect(printed).toContain('Tests:       1 failed, 5 passed, 6 total');
    expect(printed).toContain('Test Suites: 1 failed, 1 total');
  });

  it('is told of each leak once: the test, and the line that started the leak', () => {
    expect(printed.split('These leaks were still in the engine when the test file was over')).toHaveLength(2);
    expect(printed).toMatch(
      new RegExp(
        [
          'container \\S+ \\([0-9a-f]{12}\\)',
          'started in the test: an installer › passes and leaks',
          'started at: leaking.spec.js:7:18',
          'container \\S+ \\([0-9a-f]{12}\\)',
          'started in the test: an installer › fails and leaks',
          'started at: leaking.spec.js:11:11',
          'container \\S+ \\([0-9a-f]{12}\\)',
          'started outside of a test',
          'started at: leaking.spec.js:31:11',
          'network \\S+ \\([0-9a-f]{12}\\)',
          'started in the test: an installer › leaks a network',
          'started at: leaking.spec.js:16:11',
          'useContainer\\(\\)',
        ].join('\\s+'),
      ),
    );
  });

  it('shows the line of the first leak', () => {
    expect(printed).toMatch(/> +7 \| +kept = await startContainer\(\);/);
  });
});
