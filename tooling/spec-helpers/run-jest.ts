import { execPath } from 'node:process';
import { execa } from 'execa';
import base from '../../jest.config';

/** What Jest's `--json` says of one run, as far as specs need it. */
export interface JestRun {
  exitCode: number | undefined;
  /** The state of each test by its title. */
  states: Record<string, string>;
  /** The failure messages of each test by its title. */
  failures: Record<string, string>;
}

/**
 * Runs one fixture in a Jest of its own, as a user would.
 *
 * @param fixture a file of `fixtures/jest`, without its ending
 * @param env added to the environment
 */
export async function runJest(fixture: string, env: Record<string, string> = {}): Promise<JestRun> {
  const config = {
    ...base,
    rootDir: process.cwd(),
    roots: ['<rootDir>/fixtures/jest'],
    testMatch: [`**/${fixture}.fixture.ts`],
    globalSetup: undefined,
    globalTeardown: undefined,
    reporters: undefined,
  };
  const jest = ['node_modules/jest/bin/jest.js', '--json', '--runInBand', '--config', JSON.stringify(config)];
  const { exitCode, stdout } = await execa(execPath, jest, { reject: false, env });
  const report = JSON.parse(stdout) as { testResults: { assertionResults: Assertion[] }[] };
  const assertions = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    exitCode,
    states: Object.fromEntries(assertions.map(({ title, status }) => [title, status])),
    failures: Object.fromEntries(
      assertions.map(({ title, failureMessages }) => [title, failureMessages.join('\n')]),
    ),
  };
}

interface Assertion {
  title: string;
  status: string;
  failureMessages: string[];
}
