import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
  type IConfigFile,
} from '@microsoft/api-extractor';
import ts from 'typescript';

const root = resolve(__dirname, '..');
const types = join(root, 'dist/types');
const reports = join(root, 'etc');

/**
 * The entry points whose types can be reported. The other two have no exports that API Extractor sees: 'belljar/jest'
 * adds `BelljarMatchers`, which is in the report of 'belljar', to Jest's `expect`, and the preset is an `export =`.
 */
const entries = [
  { name: 'belljar', file: 'index.d.ts', report: 'belljar.api.md' },
  { name: 'belljar/jest-environment', file: 'jest/environment.d.ts', report: 'jest-environment.api.md' },
];

/**
 * Checks the public surface as `npm run build` has made its types: every type of an exported signature can be imported
 * by name, every error that a `@throws` names too, and the error has the codes that the `@throws` names. Then compares
 * the surface with the reports in etc/, which are reviewed files; with `--write` it writes the reports instead.
 */
function main(): void {
  const write = process.argv.includes('--write');
  const problems = [...entries.flatMap((entry) => report(entry, write)), ...throwsProblems()];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

type Entry = (typeof entries)[number];

/** @returns the problems, one line each */
function report({ name, file, report }: Entry, write: boolean): string[] {
  const problems: string[] = [];
  const configObject: IConfigFile = {
    projectFolder: root,
    mainEntryPointFilePath: join(types, file),
    newlineKind: 'lf',
    compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
    apiReport: {
      enabled: true,
      reportFileName: report,
      reportFolder: reports,
      reportTempFolder: join(root, 'node_modules/.cache/belljar'),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: {
        default: { logLevel: ExtractorLogLevel.Error },
        // Everything that is exported is public. Not every field needs a sentence: `uid`.
        'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
      },
      // The comments are read by editors, which ask for less than TSDoc does.
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  };
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
  const result = Extractor.invoke(config, {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error)
        problems.push(`${name}: ${where(message)}${message.text}`);
    },
  });
  const path = relative(root, join(reports, report));
  if (result.apiReportChanged && write) console.log(`${path} is written. Review what changed in it.`);
  if (result.apiReportChanged && !write)
    problems.push(
      `${name}: ${path} is out of date. Write it with \`npm run api\`, and review what changed in it.`,
    );
  return problems;
}

function where({ sourceFilePath, sourceFileLine }: ExtractorMessage): string {
  if (sourceFilePath === undefined) return '';
  return `${relative(root, sourceFilePath)}:${sourceFileLine ?? 1}: `;
}

/** @returns the problems of all `@throws`, one line each */
function throwsProblems(): string[] {
  const codes = codesByError();
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.d.ts'))
    .flatMap((file) =>
      promisesIn(readFileSync(join(types, file), 'utf8'))
        .flatMap((promise) => promiseProblems(promise, codes))
        .map((problem) => `${relative(root, join(types, file))}: ${problem}`),
    );
}

/** @returns the text after each `@throws`, up to the next tag or the comment's end */
function promisesIn(declarations: string): string[] {
  const text = declarations.replace(/\n *\*(?!\/)/g, ' ');
  return [...text.matchAll(/@throws (.*?)(?=@[a-z]+ |\*\/)/gs)].map(([, promise = '']) => promise);
}

/** A name in a `@throws`: an error, or a code of the error before it. Environment variables are not codes. */
const named = /\b(?<error>[A-Z]\w*Error)\b|`(?!BELLJAR_)(?<code>[A-Z]+(?:_[A-Z]+)*)`/g;

function promiseProblems(
  promise: string,
  codes: ReadonlyMap<string, readonly string[] | undefined>,
): string[] {
  let last = '';
  return [...promise.matchAll(named)].flatMap(({ groups: { error, code } = {} }) => {
    last = error ?? last;
    if (last === '' || last in globalThis) return [];
    if (!codes.has(last))
      return error === undefined ? [] : [`@throws ${error}: it can't be imported from 'belljar'.`];
    const isKnown = code === undefined || (codes.get(last)?.includes(code) ?? true);
    return isKnown ? [] : [`@throws ${last} \`${code}\`: it has no such code.`];
  });
}

/** The codes of each error class that can be imported from 'belljar'; undefined for a class that takes any. */
function codesByError(): Map<string, string[] | undefined> {
  const index = join(types, 'index.d.ts');
  const program = ts.createProgram([index], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (symbol === undefined)
    throw new Error(`${relative(root, index)} is not there: run \`npm run build\` first.`);
  const errors = checker.getExportsOfModule(symbol).filter(({ name }) => name.endsWith('Error'));
  return new Map(
    errors.map((exported) => {
      const instance = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(exported));
      const code = instance.getProperty('code');
      return [exported.name, code && literalsOf(checker.getTypeOfSymbol(code))];
    }),
  );
}

function literalsOf(type: ts.Type): string[] | undefined {
  const members = type.isUnion() ? type.types : [type];
  return members.every((member) => member.isStringLiteral()) ? members.map(({ value }) => value) : undefined;
}

main();
