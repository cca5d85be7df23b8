import { join } from 'node:path';
import { buildForFaults } from '../../tooling/faults/build';
import { outputOfJest } from '../../tooling/faults/jest-project';

jest.setTimeout(60_000);

const build = buildForFaults();

afterAll(() => build[Symbol.dispose]());

describe('A project that has only a part of the preset', () => {
  it('has the matchers without the environment, and is told once what is missing and what to do', async () => {
    const printed = await outputOfJest(build, ['partial', '--testEnvironment=node']);

    expect(printed).toContain('Tests:       1 passed, 1 total');
    expect(
      printed.match(/belljar: this project's tests run in another environment.*set preset:/g),
    ).toHaveLength(1);
  });

  it('is told that its own global set-up replaces that of the preset', async () => {
    const printed = await outputOfJest(build, [
      'partial',
      `--globalSetup=${join(build.directory, 'own-set-up.js')}`,
    ]);

    expect(printed).toContain('Tests:       1 passed, 1 total');
    expect(printed.match(/belljar: its global set-up has not run.*call it there/g)).toHaveLength(1);
  });

  it('is told nothing if it has all', async () => {
    const printed = await outputOfJest(build, ['partial']);

    expect(printed).toContain('Tests:       1 passed, 1 total');
    expect(printed).not.toMatch(/has not run|another environment/);
  });
});

describe('A concurrent test with useContainer()', () => {
  it('is refused, and told to call withContainer()', async () => {
    const printed = await outputOfJest(build, ['concurrent']);

    expect(printed).toContain('Tests:       2 failed, 2 total');
    expect(printed).toMatch(
      /useContainer\(\) has no container for a test of test\.concurrent[^]*Call withContainer\(\)/,
    );
  });

  it('is told so without the environment, too', async () => {
    const printed = await outputOfJest(build, ['concurrent', '--testEnvironment=node']);

    expect(printed).toContain('In test.concurrent, use withContainer().');
  });
});
