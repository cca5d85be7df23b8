import type { Box } from '../box/box';
import type { Change, Changes } from '../filesystem/changes/change';
import { printablePath } from '../filesystem/path';
import { checkOptions } from '../support/options/check-options';
import { mostSimilar } from '../support/options/similar';
import { changeAspects, changeChecks, type ChangeExpectation } from './aspects/change-aspects';
import type { Aspect } from './aspects/file-aspects';
import { changedLines } from './support/changed-lines';
import {
  failureMessage,
  givenNames,
  type Compared,
  type MatcherContext,
  type MatcherResult,
} from './support/message';
import { comparedAspects, formatAspects, differingLines, type Line } from './support/path-result';
import { changesOf, countChanges, listChanges, maxPaths, pathMatcher } from './support/received-changes';

interface Candidate {
  change: Change;
  aspects: Aspect[];
}

/** The changes that a failure lists if no change is as expected. */
interface Missed {
  path: string;
  candidates: readonly Candidate[];
  changes: Changes;
  withLines: (changes: Changes) => Changes;
}

export async function toHaveChanged(
  this: MatcherContext,
  received: Box | Changes,
  path: string,
  options: ChangeExpectation = {},
): Promise<MatcherResult> {
  const matches = pathMatcher('The path', path);
  checkOptions(options, changeChecks);
  const changes = await changesOf(received);
  const candidates = changes
    .filter((change) => matches(change.path))
    .map((change) => ({ change, aspects: changeAspects(this, options, change) }));
  const hits = candidates.filter(({ aspects }) => aspects.every(({ passes }) => passes));
  const names = givenNames(options);
  const listing = hits.length > 0 ? hits : candidates;
  const withLines = await changedLines(
    this,
    changes,
    hits.length > 0,
    listing.length > 0 ? listed(listing).listed : changes,
  );
  const found = hits.length > 0 ? listed(hits) : { path, candidates, changes, withLines };
  return {
    pass: hits.length > 0,
    compared: () => comparedChanges(path, candidates),
    message: () =>
      failureMessage(this, {
        matcher: 'toHaveChanged',
        expected: `"${path}"${names.length === 0 ? '' : `, { ${names.join(', ')} }`}`,
        lines: [['Path', path], ...linesOf(this, hits, candidates)],
        evidence: this.utils.DIM_COLOR(
          'listed' in found ? listChanges(withLines(found.listed)) : evidenceOf(found),
        ),
      }),
  };
}

function comparedChanges(path: string, candidates: readonly Candidate[]): Compared {
  const { expected } = comparedAspects(candidates[0]?.aspects ?? []);
  return {
    actual: candidates
      .slice(0, maxPaths)
      .map(({ change, aspects }) => ({ path: change.path, ...comparedAspects(aspects).actual })),
    expected: { path, ...expected },
  };
}

function listed(hits: readonly Candidate[]): { listed: Changes } {
  return { listed: hits.map(({ change }) => change) };
}

function linesOf(
  context: MatcherContext,
  hits: readonly Candidate[],
  candidates: readonly Candidate[],
): Line[] {
  const { utils } = context;
  const [first, second] = candidates;
  const lines = (expected: string, found: string): Line[] => [
    ['Expected', utils.EXPECTED_COLOR(expected)],
    ['Received', utils.RECEIVED_COLOR(found)],
  ];
  if (hits[0] !== undefined) {
    return lines(`no change${formatAspects(hits[0].aspects)}`, countChanges(listed(hits).listed));
  }
  if (first === undefined) return lines('a change', 'no change there');
  if (second === undefined) return differingLines(context, first.aspects);
  return lines(
    `a change${formatAspects(first.aspects)}`,
    `${candidates.length} changes there, none of them as expected`,
  );
}

function evidenceOf({ path, candidates, changes, withLines }: Missed): string {
  if (candidates.length > 0) return listChanges(withLines(listed(candidates).listed));
  if (changes.length === 0) return 'Nothing has changed at all.';
  const similar = mostSimilar(
    path,
    changes.map((change) => change.path),
  ).map(printablePath);
  const hint = similar.length === 0 ? '' : `\n\nSimilar: ${similar.join(', ')}`;
  return `What has changed:\n${listChanges(withLines(changes))}${hint}`;
}
