import type { Box } from '../../box/box';
import type { ChangesOptions } from '../../filesystem/changes/changes';
import { checkOptions } from '../../support/options/check-options';
import { changedLines } from './changed-lines';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';
import { countChanges, filterChecks, listChanges, pathsOf } from './received-changes';

/** Options that select the changes of a container that count. */
export type ContainerUnchangedOptions = Pick<ChangesOptions, 'ignore' | 'under'>;

/** Passes if the container's own layer holds no changes. */
export async function containerUnchanged(
  context: MatcherContext,
  box: Box,
  options: ContainerUnchangedOptions,
): Promise<MatcherResult> {
  checkOptions(options, filterChecks);
  const changes = await box.changes(options);
  const withLines = await changedLines(context, changes, changes.length === 0);
  const { utils, isNot = false } = context;
  return {
    pass: changes.length === 0,
    compared: () => ({ actual: pathsOf(changes), expected: [] }),
    message: () =>
      failureMessage(context, {
        matcher: 'toBeUnchanged',
        lines: [
          ['Container', box.name],
          ['Expected', utils.EXPECTED_COLOR(isNot ? 'any change' : 'no changes')],
          ['Received', utils.RECEIVED_COLOR(countChanges(changes))],
        ],
        evidence: changes.length === 0 ? '' : utils.DIM_COLOR(listChanges(withLines(changes))),
      }),
  };
}
