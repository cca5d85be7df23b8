import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportName } from '../../src/report/report-name';
import { reportDirectory } from '../../src/report/report-settings';
import { buildForFaults } from '../../tooling/faults/build';
import { startJest } from '../../tooling/faults/jest-project';

jest.setTimeout(120_000);

describe('A failed test in a project that has the preset', () => {
  const build = buildForFaults();
  const reports = join(build.directory, 'belljar-report');
  const users = join(reports, 'of-the-user.txt');
  let printed: string;

  beforeAll(async () => {
    mkdirSync(reports);
    writeFileSync(users, 'mine');
    const jest = startJest(build, ['failing', 'retried', '--maxWorkers=1']);
    await jest.ended;
    printed = jest.output();
  });

  afterAll(() => build[Symbol.dispose]());

  /** The directory of one test's report. */
  const directoryOf = (words: string): string =>
    join(reports, readdirSync(reports).find((name) => name.includes(words)) ?? words);
  const reportOf = (words: string): string => readFileSync(join(directoryOf(words), 'report.txt'), 'utf8');
  /** What Jest printed about one test: from its title to the next. */
  const messageOf = (title: string): string => {
    const [, message = ''] = printed.split(`● ${title}\n`);
    return message.split('\n  ● ')[0] ?? '';
  };

  it('is printed by Jest as usual, with the path of its report before the code', () => {
    const message = messageOf('an installer › leaves a "report" / of all');

    expect(message).toMatch(
      /CommandError: Command failed with exit code 7: [^]*\n\n +belljar: report in belljar-report\/failing-an-installer-leaves-a-report-of-all-[0-9a-f]{8}\n\n +\d+ \|/,
    );
    expect(printed).toContain('Tests:       10 failed, 10 total');
  });

  it('has a report that begins with the test, its failure, the engine, and the container', () => {
    const report = reportOf('report-of-all');

    expect(report).toMatch(
      /^Test: {3}an installer › leaves a "report" \/ of all\nFile: {3}failing\.spec\.js\n/,
    );
    expect(report).toMatch(/^Engine: (Docker|Podman) \d+\.\d+\S* at \S+:\/\/\S+ \(/m);
    expect(report).toMatch(/^ {2}Command failed with exit code 7: /m);
    expect(report).toMatch(/^Container [0-9a-f]{12} \(\S+\)$/m);
    expect(report).toMatch(/^Image:\n {2}\S+ sha256:[0-9a-f]{64}$/m);
    expect(report).toContain("env: { API_TOKEN: '[redacted]', GREETING: 'hello' }");
    expect(report).toMatch(/^State:\n {2}running$/m);
  });

  it('has its commands in the report, with when, how long, how they ended and what they printed', () => {
    const report = reportOf('report-of-all');

    expect(report).toMatch(/^ {2}\d\d:\d\d:\d\d\.\d{3} {2}exit code 0, \d+(\.\d+)? ms\n {4}\$ sh -c /m);
    expect(report).toContain('stdout: to-stdout');
    expect(report).toContain('stderr: to-stderr');
    expect(report).toMatch(/exit code 1, .* {2}\(3 times, this was the last\)\n {4}\$ test -e \/not\/there/);
    expect(report).toMatch(/spawned process, still running, for .*\n {4}\$ sleep 987\n {6}with DB_PASSWORD=/);
    expect(report).not.toContain('rm -f');
  });

  it('has in the report what was to see in the container at the failure, before any afterEach hook', () => {
    const report = reportOf('report-of-all');

    expect(report).toMatch(/^Changes:\n(.*\n)* {2}\+ -rw-r--r-- root {5}root +2 \/etc\/made/m);
    expect(report).toMatch(/^Processes:\n {2}1 sleep 1000\n(.*\n)* {2}\d+ sleep 987$/m);
    expect(report).toMatch(/^Log of process 1:\n {2}process 1: \[redacted\]$/m);
  });

  it('has the screen of each terminal in the report, and its recording and picture beside it', () => {
    const files = /its recording is (\S+\.cast), its picture (\S+\.svg)/.exec(reportOf('report-of-all'));
    const [, recording = '', picture = ''] = files ?? [];

    expect(reportOf('report-of-all')).toMatch(/^ {2}╭─+╮\n( {2}│.*│\n)* {2}│ON-THE-SCREEN +│$/m);
    const cast = readFileSync(join(directoryOf('report-of-all'), recording), 'utf8').split('\n');
    expect(JSON.parse(cast[0] ?? '')).toMatchObject({ version: 2, title: '/bin/sh' });
    expect(cast.join('')).toContain('ON-THE-SCREEN');
    const svg = readFileSync(join(directoryOf('report-of-all'), picture), 'utf8');
    expect(svg).toMatch(/^<svg [^]*ON-THE-SCREEN[^]*<\/svg>\n$/);
  });

  it('tells no secret in any of it, and nothing that a terminal obeys', () => {
    const texts = [
      printed,
      ...readdirSync(reports, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    ];

    for (const text of texts) {
      expect(text).not.toMatch(/hush-hush|quiet please/);
      // eslint-disable-next-line no-control-regex -- control characters are what this is about
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
    expect(reportOf('report-of-all')).toContain('\\u001b]0;title\\u0007');
  });

  it('shows the command that hung when its time was over', () => {
    expect(messageOf('an installer › leaves a report of what hung')).toMatch(
      /thrown: "Exceeded timeout of 500 ms for a test\.\n +Add a timeout .*"\n\n +belljar: when the time was over, [^]*sleep 543[^]*\n +belljar: report in /,
    );
    expect(reportOf('what-hung')).toMatch(/still running, for .*\n {4}\$ sleep 543/);
    expect(reportOf('what-hung')).toMatch(/^ {2}\d+ sleep 543$/m);
  });

  it('has a report of the container that withContainer() removes with the failure, even a frozen one', () => {
    const message = messageOf('a container of its own › is seen as it was, with withContainer()');

    expect(message).toMatch(/TypeError: a frozen error\n\n +belljar: report in /);
    expect(reportOf('seen-as-it-was')).toContain(' /made-by-with');
  });

  it('has what is noted of a container that was removed before, whatever was thrown', () => {
    const message = messageOf('a container of its own › is noted, where it was removed before');

    expect(message).toMatch(/thrown: "no error at all"\n\n +belljar: report in /);
    expect(reportOf('is-noted')).toMatch(/^Container .*, removed or left before the test had failed: /m);
    expect(reportOf('is-noted')).toContain('stdout: noted');
  });

  it.each([
    ['one', 'two'],
    ['two', 'one'],
  ])('has no other’s container, in concurrent tests: %s', (name, other) => {
    const report = reportOf(`concurrent-tests-${name}`);

    expect(report).toContain(`stdout: I am ${name}`);
    expect(report).not.toContain(`I am ${other}`);
    expect(report.match(/^Container /gm)).toHaveLength(1);
  });

  it('has the last attempt’s container, if it is retried', () => {
    const report = reportOf('fails-again');

    expect(report).toMatch(/^Test: {3}fails again \(attempt 2\)$/m);
    expect(report).toContain('stdout: attempt 2');
    expect(report).not.toContain('attempt 1');
    expect(report.match(/^Container /gm)).toHaveLength(1);
  });

  it('has none if it had no container', () => {
    const message = messageOf('a container of its own › is not there');

    expect(message).toContain('Expected: 2');
    expect(message).not.toContain('belljar:');
  });

  it('has its own, and its own path, if a hook failed for all tests', () => {
    const paths = [1, 2].map((number) => {
      const message = messageOf(`a hook for all › fails each: ${number}`);
      expect(message.match(/belljar: /g)).toHaveLength(1);
      return /report in (\S+)/.exec(message)?.[1] ?? '';
    });

    expect(new Set(paths).size).toBe(2);
    for (const path of paths) {
      const report = readFileSync(join(build.directory, path, 'report.txt'), 'utf8');
      expect(report).toContain('$ cat /not/there');
    }
  });

  it('replaces its own report in the next run and touches nothing else; one that can not be written is said', async () => {
    const own = directoryOf('what-hung');
    writeFileSync(join(own, 'notes.txt'), 'also mine');
    writeFileSync(join(own, '0123456789ab-terminal-1.cast'), 'of a run before');
    const blocked = directoryOf('is-noted');
    rmSync(blocked, { recursive: true });
    writeFileSync(blocked, 'a file where the directory should be');
    const before = reportOf('report-of-all');

    const jest = startJest(build, ['failing', '--maxWorkers=1', '-t', 'of what hung|is noted']);
    await jest.ended;

    expect(readdirSync(own).sort()).toEqual(['notes.txt', 'report.txt']);
    expect(readFileSync(join(own, 'notes.txt'), 'utf8')).toBe('also mine');
    expect(readFileSync(users, 'utf8')).toBe('mine');
    expect(reportOf('report-of-all')).toBe(before);
    expect(jest.output()).toMatch(
      /thrown: "no error at all"\n\n +belljar: the report could not be written: EEXIST/,
    );
    expect(readFileSync(blocked, 'utf8')).toBe('a file where the directory should be');
  });
});

describe('Where reports go', () => {
  const { BELLJAR_REPORT } = process.env;

  afterEach(() => {
    if (BELLJAR_REPORT === undefined) delete process.env.BELLJAR_REPORT;
    else process.env.BELLJAR_REPORT = BELLJAR_REPORT;
  });

  it.each([
    [undefined, '/project/belljar-report'],
    ['', '/project/belljar-report'],
    ['out/reports', '/project/out/reports'],
    ['/elsewhere', '/elsewhere'],
    ['off', undefined],
  ])('BELLJAR_REPORT=%s is %s', (value, expected) => {
    if (value === undefined) delete process.env.BELLJAR_REPORT;
    else process.env.BELLJAR_REPORT = value;

    expect(reportDirectory('/project')).toBe(expected);
  });
});

describe('The name of a report', () => {
  it('is made of the file and the title, as far as any file system takes them', () => {
    expect(reportName('specs/install.spec.ts', 'the installer › installs “tool” in /opt')).toMatch(
      /^install-the-installer-installs-tool-in-opt-[0-9a-f]{8}$/,
    );
  });

  it('is never too long, and never a path', () => {
    const directory = mkdtempSync(join(tmpdir(), 'belljar-spec-'));
    const names = ['../../etc/passwd', 'x'.repeat(5000), '漢字', '', '. .', 'con\u0000\n'].map((title) =>
      reportName('a.spec.ts', title),
    );

    for (const name of names) mkdirSync(join(directory, name));

    expect(readdirSync(directory).sort()).toEqual([...names].sort());
    expect(existsSync(join(directory, reportName('a.spec.ts', '漢字')))).toBe(true);
    rmSync(directory, { recursive: true });
  });

  it('tells apart what only a hash can', () => {
    const names = [
      reportName('a/x.spec.ts', 'title'),
      reportName('b/x.spec.ts', 'title'),
      reportName('a/x.spec.ts', 'title!'),
      reportName('a/x.spec.ts', 'title', 'another project'),
    ];

    expect(new Set(names).size).toBe(4);
  });
});
