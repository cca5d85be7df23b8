/*
 * What belljar uses of jest-circus: its events and what they are about (jest-circus/types, `Circus.Event`). Written
 * down here because the package is not among those that a project installs.
 */

/** A describe block. */
interface CircusBlock {
  name: string;
  parent?: CircusBlock;
  children: (CircusBlock | CircusTest)[];
}

/** A test. */
export interface CircusTest {
  type: 'test';
  name: string;
  parent?: CircusBlock;
  /** What failed in it, in the order in which it came. */
  errors: unknown[];
  concurrent: boolean;
  /** How often it was started: more than once where it is retried. */
  invocations: number;
  fn?: (...values: unknown[]) => unknown;
}

export interface CircusEvent {
  name: string;
  test?: CircusTest;
  concurrent?: boolean;
  runtimeGlobals?: object;
}

export interface CircusState {
  currentDescribeBlock: CircusBlock;
}

/** The names of a test's describe blocks, from the outermost, and its own. */
export function namesOf(test: CircusTest): string[] {
  const names = [test.name];
  // The outermost block is the file, and has no name of its own.
  for (let block = test.parent; block?.parent !== undefined; block = block.parent) names.unshift(block.name);
  return names;
}
