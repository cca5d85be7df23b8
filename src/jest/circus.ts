/*
 * The events of jest-circus, and the tests and blocks in them, as far as belljar uses them (jest-circus/types,
 * `Circus.Event`). They are declared here because a project need not have that package installed.
 */

/** A describe block. */
export interface CircusBlock {
  name: string;
  parent?: CircusBlock;
  children: (CircusBlock | CircusTest)[];
}

/** A test. */
export interface CircusTest {
  type: 'test';
  name: string;
  parent?: CircusBlock;
  /** The failures, in the order in which they came. */
  errors: unknown[];
  concurrent: boolean;
  /** How often Jest has started the test: more than once if Jest retries it. */
  invocations: number;
  fn?: (...values: unknown[]) => unknown;
}

/** An event in a test file. */
export interface CircusEvent {
  name: string;
  test?: CircusTest;
  /** The block of a hook that failed. */
  describeBlock?: CircusBlock;
  /** Why a test or a hook failed. */
  error?: unknown;
  concurrent?: boolean;
  runtimeGlobals?: object;
}

/** The state of jest-circus at an event. */
export interface CircusState {
  currentDescribeBlock: CircusBlock;
  /** Errors outside of tests. They fail the file, beside the results of its tests. */
  unhandledErrors: unknown[];
}

/** Returns the names of a test's describe blocks, from the outermost, and the test's own name. */
export function namesOf(test: CircusTest): string[] {
  const names = [test.name];
  // The outermost block is the file, whose name is not a part of the title.
  for (let block = test.parent; block?.parent !== undefined; block = block.parent) names.unshift(block.name);
  return names;
}
