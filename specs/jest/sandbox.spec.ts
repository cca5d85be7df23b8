import { buildForFaults } from '../../tooling/faults/build';
import { outputOfJest } from '../../tooling/faults/jest-project';

jest.setTimeout(120_000);

const build = buildForFaults();

afterAll(() => build[Symbol.dispose]());

describe('belljar in a test file', () => {
  it("works in real time if the test has fake timers, in belljar's environment and in others", async () => {
    const output = await outputOfJest(build, ['fake-timers']);

    expect(output).toContain('Tests:       24 passed, 24 total');
  });

  it("works in each file of an environment that lacks globals of Node.js, as Jest's jsdom does", async () => {
    const output = await outputOfJest(build, ['browser']);

    expect(output).toContain('Tests:       8 passed, 8 total');
  });

  // The fixture mocks HTTP as these libraries do; they are no dependencies of belljar.
  it.each([
    ['a subclass, as nock does', 'subclassed'],
    ['a proxy, as msw does', 'proxied'],
  ])('reaches the engine and containers while a mock forbids requests by %s', async (_, MOCK) => {
    const output = await outputOfJest(build, ['mocked-http'], { MOCK });

    expect(output).toContain('Tests:       8 passed, 8 total');
    expect(output).not.toContain('Error');
  });
});
