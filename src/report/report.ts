import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { formatEngine, info } from '../engine/info';
import type { BoxDescription } from './box-description';
import { messageOf } from '../support/errors';
import { printable } from '../support/printable';
import { reportName } from './report-name';
import { writeReport } from './write-report';
import { timeOfDay } from '../support/time';

/** A failed test of any test runner. */
export interface FailedTest {
  /** The same object at each attempt. Two tests with equal names have different objects. */
  readonly identity: object;
  /** The names of its describe blocks, from the outermost, and its own. */
  readonly names: readonly string[];
  /** 1, or more if the runner has retried the test. */
  readonly attempt: number;
  /** What the test and its hooks threw, in order. */
  readonly errors: readonly unknown[];
}

/** The test file, and the directory of the reports. */
export interface ReportLocation {
  directory: string;
  rootDir: string;
  testPath: string;
  /** The name of Jest's project; empty if it has none. */
  project: string;
}

/** @returns a function that writes the report of a failed test, and returns a line that says where it is */
export function createReports({ directory, rootDir, testPath, project }: ReportLocation) {
  const file = relative(rootDir, testPath);
  /** The tests for each name of a report: two tests may have the same title. */
  const named = new Map<string, object[]>();
  const nameOf = ({ identity }: FailedTest, title: string): string => {
    const name = reportName(file, title, project);
    const tests = named.get(name) ?? [];
    named.set(name, tests);
    if (!tests.includes(identity)) tests.push(identity);
    const number = tests.indexOf(identity) + 1;
    return number === 1 ? name : `${name}-${number}`;
  };
  return async (test: FailedTest, descriptions: readonly BoxDescription[]): Promise<string> => {
    const redact = (text: string): string =>
      descriptions.reduce((safe, { redactor }) => redactor.redact(safe), text);
    const title = redact(test.names.join(' › '));
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
  test: FailedTest;
  title: string;
  file: string;
  descriptions: readonly BoxDescription[];
  redact: (text: string) => string;
}

async function formatReport({ test, title, file, descriptions, redact }: Report): Promise<string> {
  const engine = await engineLine().catch((error: unknown) => `could not be asked: ${messageOf(error)}`);
  const attempt = test.attempt > 1 ? ` (attempt ${test.attempt})` : '';
  return [
    `Test:   ${printable(title)}${attempt}`,
    `File:   ${printable(file)}`,
    `Failed: ${new Date(timeOfDay()).toISOString()}; all times here are UTC`,
    `Engine: ${printable(engine)}`,
    '',
    'Failure:',
    ...test.errors.flatMap((thrown) => failureText(thrown, redact)),
    ...descriptions.flatMap(({ text }) => ['', '-'.repeat(80), text.trimEnd()]),
  ].join('\n');
}

async function engineLine(): Promise<string> {
  const facts = await info();
  const { storageDriver, operatingSystem, kernel } = facts;
  return `${await formatEngine(facts)} (${storageDriver}, ${operatingSystem}, kernel ${kernel})`;
}

function failureText(thrown: unknown, redact: (text: string) => string): string[] {
  const text = printable(redact(stripVTControlCharacters(messageOf(thrown))));
  return text.split('\n').map((line) => `  ${line}`.trimEnd());
}

/** Returns a path relative to the working directory, if it is below that. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
