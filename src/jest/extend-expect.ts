import { changesSerializer } from '../filesystem/changes/format';
import { matchers } from '../matchers';
import { screenSerializer } from '../terminal/frame';
import type { RunnerExpect } from './hooks';

/** Adds belljar's matchers to `expect`. Makes snapshots print changes as a sorted `ls -l`, and screens in a frame. */
export function extendExpect(expect: RunnerExpect): void {
  expect.extend(matchers);
  expect.addSnapshotSerializer(changesSerializer);
  expect.addSnapshotSerializer(screenSerializer);
}
