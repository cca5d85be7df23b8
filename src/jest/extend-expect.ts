import { changesSerializer } from '../filesystem/serialize';
import { matchers } from '../matchers';
import type { RunnerExpect } from './runner';

/** Gives an `expect` belljar's matchers, and teaches its snapshots to print changes as a sorted `ls -l`. */
export function extendExpect(expect: RunnerExpect): void {
  expect.extend(matchers);
  expect.addSnapshotSerializer(changesSerializer);
}
