import { join } from 'node:path';
import { execa } from 'execa';
import { formatReport, wrapText } from '../../src/cli/doctor';
import { mayColor } from '../../src/cli/output';
import type { DoctorReport } from '../../src/doctor/report';
import { typed } from '../../tooling/spec-helpers/run-cli';

describe('the belljar program', () => {
  it('prints what the doctor found, and exits 0 if belljar can work', async () => {
    const { exitCode, stdout, stderr } = await belljar(['doctor']);

    expect(stdout).toMatch(/^✓ engine {2,}\S+:\/\/\S+ \(.*\)\n/);
    expect(stdout).toContain('belljar can work here');
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('exits 1 if there is a problem, and says what to do about it', async () => {
    const { exitCode, stdout } = await belljar(['doctor'], { DOCKER_HOST: 'unix:///no/such/engine.sock' });

    expect(stdout).toMatch(
      /^✗ engine {2,}The engine at unix:\/\/\/no\/such\/engine\.sock \(DOCKER_HOST\) can't be used/,
    );
    expect(stdout).toContain('→ Start the engine');
    expect(stdout).toContain("belljar can't work here yet: 1 problem");
    expect(exitCode).toBe(1);
  });

  it('prints one JSON document with --json', async () => {
    const { exitCode, stdout } = await belljar(['doctor', '--json'], {
      DOCKER_HOST: 'unix:///no/such/engine.sock',
    });

    const report = JSON.parse(stdout) as DoctorReport;

    expect(report.ok).toBe(false);
    expect(report.lines[0]).toMatchObject({ name: 'engine', status: 'problem' });
    expect(exitCode).toBe(1);
  });
});

describe('the command line', () => {
  it.each([['--help'], ['-h'], ['help']])('lists the commands with %s', async (option) => {
    const { code, printed, complained } = await typed(option);

    expect(printed).toMatch(/^Usage: belljar COMMAND[^]*\n {2}doctor {2}\S/);
    expect(complained).toBe('');
    expect(code).toBe(0);
  });

  it.each([[['doctor', '--help']], [['doctor', '-h']]])('tells about one command: %j', async (words) => {
    const { code, printed } = await typed(...words);

    expect(printed).toMatch(/^Usage: belljar doctor \[--json\]/);
    expect(code).toBe(0);
  });

  it.each([
    [['docter'], 'belljar: there is no command "docter".'],
    [['--verbose'], 'belljar: there is no option --verbose.'],
    [[], 'Usage: belljar COMMAND'],
    [['doctor', '--jsn'], "belljar doctor: Unknown option '--jsn'"],
    [['doctor', '--json=yes'], "belljar doctor: Option '--json' does not take an argument"],
    [['doctor', 'now'], "belljar doctor: Unexpected argument 'now'"],
  ])('refuses %j with exit code 2, on standard error, and shows the usage', async (words, problem) => {
    const { code, printed, complained } = await typed(...words);

    expect(complained).toContain(problem);
    expect(complained).toContain('Usage: belljar');
    expect(printed).toBe('');
    expect(code).toBe(2);
  });
});

describe("the doctor's report for people", () => {
  const report: DoctorReport = {
    ok: false,
    lines: [
      { name: 'engine', status: 'ok', found: 'unix:///var/run/docker.sock' },
      { name: 'storage driver', status: 'warning', found: 'vfs', advice: 'Use overlay2.\n  a line as it is' },
      { name: 'disk space', status: 'problem', found: '1.0 MB free', advice: 'Free some.' },
    ],
  };

  it('is a table, with what to do below what was found', () => {
    expect(formatReport(report, { colors: false })).toBe(
      [
        '✓ engine          unix:///var/run/docker.sock',
        '! storage driver  vfs',
        '                  → Use overlay2.',
        '                      a line as it is',
        '✗ disk space      1.0 MB free',
        '                  → Free some.',
        '',
        "belljar can't work here yet: 1 problem, 1 warning.",
      ].join('\n'),
    );
  });

  it('is green, yellow and red if colors are welcome', () => {
    const painted = formatReport(report, { colors: true });

    expect(painted).toContain('\u001b[32m✓\u001b[0m');
    expect(painted).toContain('\u001b[33m!\u001b[0m');
    expect(painted).toContain('\u001b[31m✗\u001b[0m');
  });

  it('makes escape sequences in what an engine says harmless', () => {
    const hostile: DoctorReport = {
      ok: true,
      lines: [{ name: 'engine', status: 'ok', found: '\u001b[2Jgone' }],
    };

    expect(formatReport(hostile, { colors: false })).toContain('\\u001b[2Jgone');
  });

  it('breaks lines between words where the terminal ends', () => {
    const text = 'one two three four five six seven eight nine ten';

    expect(wrapText(text, 30)).toEqual(['one two three four five six', 'seven eight nine ten']);
  });

  it.each<[string, boolean | undefined, Record<string, string>, boolean]>([
    ['a terminal', true, { TERM: 'xterm' }, true],
    ['a pipe', undefined, { TERM: 'xterm' }, false],
    ['a terminal where NO_COLOR is set', true, { NO_COLOR: '1' }, false],
    ['a terminal where NO_COLOR is empty, which means nothing', true, { NO_COLOR: '' }, true],
    ['a terminal that has none', true, { TERM: 'dumb' }, false],
  ])('is colored for %s: %j %j %j', (_, isTerminal, env, expected) => {
    expect(mayColor(isTerminal, env)).toBe(expected);
  });
});

/** Runs the program as a process of its own. */
function belljar(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ exitCode?: number; stdout: string; stderr: string }> {
  const program = join(__dirname, '../../src/cli/main.ts');
  return execa(process.execPath, ['-r', 'ts-node/register/transpile-only', program, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    reject: false,
  });
}
