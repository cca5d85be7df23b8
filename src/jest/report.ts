import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describeEngine, type BoxDescription } from '../box/description/description';
import { messageOf } from '../support/errors';
import { printable } from '../support/printable';
import { namesOf, type CircusTest } from './circus';
import { reportName } from './report-name';
import { writeReport } from './write-report';

/** The file that the tests are in, and where reports go. */
export interface ReportPlace {
  directory: string;
  rootDir: string;
  testPath: string;
  /** The name of Jest's project, where there are several. */
  project: string;
}

/** @returns writes the report of a failed test, and gives in a line where it is */
export function createReports({ directory, rootDir, testPath, project }: ReportPlace) {
  const file = relative(rootDir, testPath);
  /** The tests of each name: two may have the same title. */
  const named = new Map<string, CircusTest[]>();
  const nameOf = (test: CircusTest, title: string): string => {
    const name = reportName(file, title, project);
    const tests = named.get(name) ?? [];
    named.set(name, tests);
    if (!tests.includes(test)) tests.push(test);
    const number = tests.indexOf(test) + 1;
    return number === 1 ? name : `${name}-${number}`;
  };
  return async (test: CircusTest, descriptions: readonly BoxDescription[]): Promise<string> => {
    const redact = (text: string): string =>
      descriptions.reduce((safe, { redactor }) => redactor.redact(safe), text);
    const title = redact(namesOf(test).join(' › '));
    const path = join(directory, nameOf(test, title));
    const text = redact(await formatReport({ test, title, file, descriptions, redact }));
    await writeReport(path, [
      { name: 'report.txt', content: `${text}\n` },
      ...descriptions.flatMap(({ files }) => files),
    ]);
    return `report in ${shown(path)}`;
  };
}

interface Report {
  test: CircusTest;
  title: string;
  file: string;
  descriptions: readonly BoxDescription[];
  redact: (text: string) => string;
}

async function formatReport({ test, title, file, descriptions, redact }: Report): Promise<string> {
  const engine = await describeEngine().catch((error: unknown) => `could not be asked: ${messageOf(error)}`);
  const attempt = test.invocations > 1 ? ` (attempt ${test.invocations})` : '';
  return [
    `Test:   ${printable(title)}${attempt}`,
    `File:   ${printable(file)}`,
    `Failed: ${new Date().toISOString()}; all times here are UTC`,
    `Engine: ${printable(engine)}`,
    '',
    'Failure:',
    ...test.errors.flatMap((error) => failureText(error, redact)),
    ...descriptions.flatMap(({ text }) => ['', '-'.repeat(80), text.trimEnd()]),
  ].join('\n');
}

function failureText(failure: unknown, redact: (text: string) => string): string[] {
  const thrown: unknown = Array.isArray(failure) ? (failure as unknown[])[0] : failure;
  const text = printable(redact(stripVTControlCharacters(messageOf(thrown))));
  return text.split('\n').map((line) => `  ${line}`.trimEnd());
}

/** As it is typed from where Jest was started. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
