import { isChanges, type Changes } from './change';
import { formatChanges } from './format';

export { formatChanges };

/** A serializer for Jest's `expect.addSnapshotSerializer`. It prints the result of `changes()`. */
export const changesSerializer = {
  test: (value: unknown): boolean => isChanges(value),
  serialize: (value: Changes): string => formatChanges(value),
};
