import { isChanges, type Changes } from './change';
import { formatChanges } from './format';

export { formatChanges };

/** For Jest's `expect.addSnapshotSerializer`: prints what `changes()` gives. */
export const changesSerializer = {
  test: (value: unknown): boolean => isChanges(value),
  serialize: (value: Changes): string => formatChanges(value),
};
