import { isChanges, type Changes } from './changes/change';
import { formatChanges } from './changes/format';

export { formatChanges };

/** For Jest's `expect.addSnapshotSerializer`: prints what `changes()` gives. */
export const changesSerializer = {
  test: (value: unknown): boolean => isChanges(value),
  serialize: (value: Changes): string => formatChanges(value),
};
