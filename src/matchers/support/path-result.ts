import type { FileInfo, FileType } from '../../filesystem/file-info';
import type { Files } from '../../filesystem/files';
import { printablePath, type ContainerPath } from '../../filesystem/path';
import { printable } from '../../support/printable';
import type { Aspect } from '../aspects/file-aspects';
import { lookAtPath, type PathInfo } from './look-at-path';
import { typeText } from './ls-line';
import { failureMessage, givenNames, type MatcherContext, type MatcherResult } from './message';

/** What a matcher for a path asks. */
export interface PathQuestion {
  matcher: string;
  files: Files;
  path: ContainerPath;
  /** What should be there. */
  wanted: FileType;
  /** The options that were given: their names are shown. */
  options: object;
  /** What else is asked of it, once it is of the wanted type. */
  aspects: (info: FileInfo, path: string) => Aspect[] | Promise<Aspect[]>;
}

/**
 * What a matcher for a path gives back: of the wanted type, and everything else about it as expected. Symbolic links are
 * followed, inside the container, unless one is wanted.
 */
export async function pathResult(context: MatcherContext, question: PathQuestion): Promise<MatcherResult> {
  const { matcher, files, path, wanted, options } = question;
  const explain = context.isNot !== true;
  const sight = await lookAtPath(files, path, { follow: wanted !== 'symlink', wanted, explain });
  const info = sight.info?.type === wanted ? sight.info : undefined;
  const aspects = info === undefined ? [] : await question.aspects(info, sight.path);
  const pass = info !== undefined && aspects.every(({ passes }) => passes);
  const judged = { wanted: typeText(wanted), sight, isWanted: info !== undefined, aspects };
  const names = givenNames(options).join(', ');
  return {
    pass,
    compared: () => ({
      actual: { type: sight.info?.type ?? sight.found, ...comparedAspects(aspects).actual },
      expected: { type: wanted, ...comparedAspects(aspects).expected },
    }),
    message: () =>
      failureMessage(context, {
        matcher,
        expected: `"${printablePath(sight.path)}"${names === '' ? '' : `, { ${names} }`}`,
        lines: [
          ['Path', printablePath(sight.path)],
          ...(pass ? unwantedLines(context, judged) : wantedLines(context, judged)),
        ],
        evidence: evidenceOf(context, judged),
      }),
  };
}

interface Judged {
  /** What should be there: `a file`. */
  wanted: string;
  sight: PathInfo;
  /** Whether what is there is of the wanted type. */
  isWanted: boolean;
  /** Empty where it is not. */
  aspects: readonly Aspect[];
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

/** What is expected and found of each aspect, by its name. */
export function comparedAspects(aspects: readonly Aspect[]): {
  actual: Record<string, string>;
  expected: Record<string, string>;
} {
  const byName = (valueOf: (aspect: Aspect) => string): Record<string, string> =>
    Object.fromEntries(aspects.map((aspect) => [aspect.name, valueOf(aspect)]));
  return {
    actual: byName(({ found, whole }) => whole?.found ?? found),
    expected: byName(({ expected, whole }) => whole?.expected ?? expected),
  };
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
