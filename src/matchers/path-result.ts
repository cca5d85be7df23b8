import { printablePath } from '../filesystem/path';
import { printable } from '../support/printable';
import type { Aspect } from './file-aspects';
import type { Sight } from './look-at-path';
import { failureMessage, type MatcherContext, type MatcherResult } from './message';

interface Judged {
  matcher: string;
  /** What should be there: `a file`. */
  wanted: string;
  /** The names of the options that were given. */
  options: readonly string[];
  sight: Sight;
  /** Whether what is there is of the wanted type. */
  isWanted: boolean;
  /** What else was asked of it; empty where it is not of that type. */
  aspects: readonly Aspect[];
}

/** What a matcher for a path gives back: of the wanted type, and everything else about it as expected. */
export function pathResult(context: MatcherContext, judged: Judged): MatcherResult {
  const { matcher, options, sight, isWanted, aspects } = judged;
  const pass = isWanted && aspects.every(({ passes }) => passes);
  const named = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return {
    pass,
    message: () =>
      failureMessage(context, {
        matcher,
        expected: `"${printablePath(sight.path)}"${named}`,
        lines: [
          ['Path', printablePath(sight.path)],
          ...(pass ? unwantedLines(context, judged) : wantedLines(context, judged)),
        ],
        evidence: evidenceOf(context, judged),
      }),
  };
}

export type Line = readonly [label: string, text: string];

/** With `.not`: everything is as it should not be. */
function unwantedLines({ utils }: MatcherContext, { wanted, sight, aspects }: Judged): Line[] {
  const what = `no${wanted.slice(wanted.indexOf(' '))}${describeAspects(aspects)}`;
  return [
    ['Expected', utils.EXPECTED_COLOR(what)],
    ['Received', utils.RECEIVED_COLOR(sight.found)],
  ];
}

function wantedLines(context: MatcherContext, { wanted, sight, isWanted, aspects }: Judged): Line[] {
  if (isWanted) return differingLines(context, aspects);
  return [
    ['Expected', context.utils.EXPECTED_COLOR(wanted)],
    ['Received', context.utils.RECEIVED_COLOR(sight.found)],
  ];
}

/** ` with mode 0755 -rwxr-xr-x, owner root`. */
export function describeAspects(aspects: readonly Aspect[]): string {
  const described = aspects.map(({ name, expected }) => `${name} ${printable(expected)}`);
  return described.length === 0 ? '' : ` with ${described.join(', ')}`;
}

/** What was expected and what was found, of each aspect that is otherwise. */
export function differingLines({ utils }: MatcherContext, aspects: readonly Aspect[]): Line[] {
  return aspects
    .filter(({ passes, diff }) => !passes && diff === undefined)
    .flatMap(({ name, expected, found }): Line[] => [
      [`Expected ${name}`, utils.EXPECTED_COLOR(printable(expected))],
      [`Received ${name}`, utils.RECEIVED_COLOR(printable(found))],
    ]);
}

function evidenceOf({ utils }: MatcherContext, { sight, aspects }: Judged): string {
  const differing = aspects.filter(({ passes }) => !passes);
  const seen = [sight.evidence, ...differing.map(({ evidence = '' }) => evidence)].filter(
    (line) => line !== '',
  );
  const diffs = differing.map(({ diff = '' }) => diff);
  const asExpected = aspects.filter(({ passes }) => passes).map(({ name }) => name);
  const some = asExpected.length < aspects.length && asExpected.length > 0;
  const rest = some ? [utils.DIM_COLOR(`As expected: ${asExpected.join(', ')}`)] : [];
  return [utils.DIM_COLOR(seen.join('\n')), ...diffs, ...rest].filter((block) => block !== '').join('\n\n');
}
