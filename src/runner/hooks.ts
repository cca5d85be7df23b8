/**
 * The hooks that belljar needs of a test runner. Jest and Vitest have them. node:test has `before` and `after` instead
 * of the first two.
 */
export interface RunnerHooks {
  beforeAll(hook: () => Promise<void>, timeout?: number): void;
  afterAll(hook: () => Promise<void>, timeout?: number): void;
  beforeEach(hook: () => Promise<void>, timeout?: number): void;
}
