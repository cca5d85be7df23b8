import { buildForFaults } from '../../tooling/faults/build';
import { startJest } from '../../tooling/faults/jest-project';

jest.setTimeout(120_000);

const build = buildForFaults();

afterAll(() => build[Symbol.dispose]());

/** Runs Jest on some files, and returns what it printed. */
async function run(...args: string[]): Promise<string> {
  const jest = startJest(build, [...args, '--maxWorkers=1']);
  await jest.ended;
  return jest.output();
}

describe('belljar in a test file', () => {
  it("works in real time if the test has fake timers, in belljar's environment and in others", async () => {
    const output = await run('fake-timers');

    expect(output).toContain('Tests:       24 passed, 24 total');
  });

  it("works in each file of an environment that lacks globals of Node.js, as Jest's jsdom does", async () => {
    const output = await run('browser');

    expect(output).toContain('Tests:       8 passed, 8 total');
  });
});
