/** What belljar needs of a test runner; Jest, Vitest and node:test all have it. */
export interface RunnerHooks {
  beforeAll(hook: () => Promise<void>, timeout?: number): void;
  afterAll(hook: () => Promise<void>, timeout?: number): void;
  beforeEach(hook: () => Promise<void>, timeout?: number): void;
  afterEach(hook: () => Promise<void>, timeout?: number): void;
}
