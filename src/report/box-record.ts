import type { Box } from '../box/box';
import { recordName, type BoxRecord, type RecordedBox } from '../box/record';

/** Returns what was recorded of a box; undefined if reports are off. */
export function recordOf(box: Box): BoxRecord | undefined {
  return (box as RecordedBox)[recordName];
}
