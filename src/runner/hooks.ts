/** The hooks that belljar needs of a test runner. Jest, Vitest and node:test have them. */
export interface RunnerHooks {
  beforeAll(hook: () => Promise<void>, timeout?: number): void;
  afterAll(hook: () => Promise<void>, timeout?: number): void;
  beforeEach(hook: () => Promise<void>, timeout?: number): void;
  afterEach(hook: () => Promise<void>, timeout?: number): void;
}
