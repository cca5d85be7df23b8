import { changesSerializer } from '../filesystem/changes/serialize';
import { matchers } from '../matchers';
import { screenSerializer } from '../terminal/frame';
import type { RunnerExpect } from './hooks';

/**
 * Gives an `expect` belljar's matchers, and teaches its snapshots to print changes as a sorted `ls -l`, and screens in
 * a frame.
 */
export function extendExpect(expect: RunnerExpect): void {
  expect.extend(matchers);
  expect.addSnapshotSerializer(changesSerializer);
  expect.addSnapshotSerializer(screenSerializer);
}
