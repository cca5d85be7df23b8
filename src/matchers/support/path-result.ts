import type { FileInfo, FileType } from '../../filesystem/file-info';
import type { Files } from '../../filesystem/files';
import { printablePath, type ContainerPath } from '../../filesystem/path';
import { printable } from '../../support/printable';
import type { Aspect } from '../aspects/file-aspects';
import { readPathInfo, type PathInfo } from './path-info';
import { typeText } from './ls-line';
import { failureMessage, givenNames, type MatcherContext, type MatcherResult } from './message';

/** The request of a matcher for a path. */
export interface PathQuestion {
  matcher: string;
  files: Files;
  path: ContainerPath;
  /** The type that the path should have. */
  wanted: FileType;
  /** The given options, whose names the message shows. */
  options: object;
  /** Compares the named properties, if the path has the wanted type. */
  aspects: (info: FileInfo, path: string) => Aspect[] | Promise<Aspect[]>;
}

/**
 * Makes the result of a matcher for a path. It passes if the path has the wanted type and everything else is as
 * expected. Symbolic links are followed inside the container, unless the wanted type is a symbolic link.
 */
export async function pathResult(context: MatcherContext, question: PathQuestion): Promise<MatcherResult> {
  const { matcher, files, path, wanted, options } = question;
  const explain = context.isNot !== true;
  const pathInfo = await readPathInfo(files, path, { follow: wanted !== 'symlink', wanted, explain });
  const info = pathInfo.info?.type === wanted ? pathInfo.info : undefined;
  const aspects = info === undefined ? [] : await question.aspects(info, pathInfo.path);
  const pass = info !== undefined && aspects.every(({ passes }) => passes);
  const judged = { wanted: typeText(wanted), pathInfo, isWanted: info !== undefined, aspects };
  const names = givenNames(options).join(', ');
  return {
    pass,
    compared: () => ({
      actual: { type: pathInfo.info?.type ?? pathInfo.found, ...comparedAspects(aspects).actual },
      expected: { type: wanted, ...comparedAspects(aspects).expected },
    }),
    message: () =>
      failureMessage(context, {
        matcher,
        expected: `"${printablePath(pathInfo.path)}"${names === '' ? '' : `, { ${names} }`}`,
        lines: [
          ['Path', printablePath(pathInfo.path)],
          ...(pass ? unwantedLines(context, judged) : wantedLines(context, judged)),
        ],
        evidence: evidenceOf(context, judged),
      }),
  };
}

interface Judged {
  /** The wanted type with an article: `a file`. */
  wanted: string;
  pathInfo: PathInfo;
  /** Whether the path has the wanted type. */
  isWanted: boolean;
  /** Empty if the path does not have the wanted type. */
  aspects: readonly Aspect[];
}

export type Line = readonly [label: string, text: string];

/** The lines with `.not`, if everything is as it should not be. */
function unwantedLines({ utils }: MatcherContext, { wanted, pathInfo, aspects }: Judged): Line[] {
  const what = `no${wanted.slice(wanted.indexOf(' '))}${formatAspects(aspects)}`;
  return [
    ['Expected', utils.EXPECTED_COLOR(what)],
    ['Received', utils.RECEIVED_COLOR(pathInfo.found)],
  ];
}

function wantedLines(context: MatcherContext, { wanted, pathInfo, isWanted, aspects }: Judged): Line[] {
  if (isWanted) return differingLines(context, aspects);
  return [
    ['Expected', context.utils.EXPECTED_COLOR(wanted)],
    ['Received', context.utils.RECEIVED_COLOR(pathInfo.found)],
  ];
}

/** Returns the expected and the found value of each aspect, by its name. */
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

/** Formats the expected properties: ` with mode 0755 -rwxr-xr-x, owner root`. */
export function formatAspects(aspects: readonly Aspect[]): string {
  const described = aspects.map(({ name, expected }) => `${name} ${printable(expected)}`);
  return described.length === 0 ? '' : ` with ${described.join(', ')}`;
}

/** Formats the expected and the received value of each property that differs. */
export function differingLines({ utils }: MatcherContext, aspects: readonly Aspect[]): Line[] {
  return aspects
    .filter(({ passes, diff }) => !passes && diff === undefined)
    .flatMap(({ name, expected, found }): Line[] => [
      [`Expected ${name}`, utils.EXPECTED_COLOR(printable(expected))],
      [`Received ${name}`, utils.RECEIVED_COLOR(printable(found))],
    ]);
}

function evidenceOf({ utils }: MatcherContext, { pathInfo, aspects }: Judged): string {
  const differing = aspects.filter(({ passes }) => !passes);
  const seen = [pathInfo.evidence, ...differing.map(({ evidence = '' }) => evidence)].filter(
    (line) => line !== '',
  );
  const diffs = differing.map(({ diff = '' }) => diff);
  const asExpected = aspects.filter(({ passes }) => passes).map(({ name }) => name);
  const some = asExpected.length < aspects.length && asExpected.length > 0;
  const rest = some ? [utils.DIM_COLOR(`As expected: ${asExpected.join(', ')}`)] : [];
  return [utils.DIM_COLOR(seen.join('\n')), ...diffs, ...rest].filter((block) => block !== '').join('\n\n');
}
