import { doctor } from '../doctor/doctor';
import type { DoctorLine, DoctorReport, DoctorStatus } from '../doctor/report';
import { printable, printableJson } from '../support/printable';
import type { Command, Output } from './command';
import { parseFlags } from './flags';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'checks the engine and the machine, and says what is wrong and what to do about it',
  help: [
    'Usage: belljar doctor [--json]',
    '',
    'Checks everything that a run needs: the engine, its version, storage and cgroups, the docker client,',
    'the default image and free disk space. Looks for orphans of killed runs, too. Changes nothing.',
    '',
    'Options:',
    '  --json      print { "ok", "lines": [{ "name", "status", "found", "advice" }] }',
    '  -h, --help  print this',
    '',
    'Exit code: 0 if belljar can work here, 1 if there is a problem, 2 for a wrong option.',
  ].join('\n'),
  async run(args, output) {
    const { json } = parseFlags(args, ['json']);
    const report = await doctor();
    output.print(json ? printableJson(report) : formatReport(report, output));
    return report.ok ? 0 : 1;
  },
};

/** Colors of a terminal (ECMA-48, Select Graphic Rendition). */
const [bold, red, green, yellow] = [1, 31, 32, 33] as const;

const signs: Record<DoctorStatus, { sign: string; color: number }> = {
  ok: { sign: '✓', color: green },
  warning: { sign: '!', color: yellow },
  problem: { sign: '✗', color: red },
};

/** Formats the report for people: a line for each check, and advice below it. */
export function formatReport(report: DoctorReport, style: Pick<Output, 'colors' | 'columns'>): string {
  const paint = painter(style.colors);
  const width = Math.max(...report.lines.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 4);
  const wrap = (text: string): string[] =>
    wrapText(printable(text), (style.columns ?? 100) - indent.length - 2);
  const format = ({ name, status, found, advice }: DoctorLine): string[] => {
    const { sign, color } = signs[status];
    const [first = '', ...rest] = wrap(found);
    const [start, ...others] = advice === undefined ? [] : wrap(advice);
    return [
      `${paint(sign, color)} ${paint(name.padEnd(width), bold)}  ${first}`,
      ...rest.map((line) => indent + line),
      ...(start === undefined ? [] : [`${indent}${paint('→', color)} ${start}`]),
      ...others.map((line) => `${indent}  ${line}`.trimEnd()),
    ];
  };
  return [...report.lines.flatMap(format), '', paint(verdict(report), report.ok ? green : red)].join('\n');
}

function painter(colors: boolean): (text: string, code: number) => string {
  return (text, code) => (colors ? `\u001b[${code}m${text}\u001b[0m` : text);
}

function verdict({ ok, lines }: DoctorReport): string {
  const count = (status: DoctorStatus, word: string): string => {
    const number = lines.filter((line) => line.status === status).length;
    return `${number} ${word}${number === 1 ? '' : 's'}`;
  };
  if (!ok)
    return `belljar can't work here yet: ${count('problem', 'problem')}, ${count('warning', 'warning')}.`;
  return `belljar can work here: ${count('warning', 'warning')}.`;
}

/** Breaks long lines between words. An indented line has a layout of its own, and stays whole. */
export function wrapText(text: string, columns: number): string[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith(' ') ? [line] : wrapLine(line, Math.max(columns, 30))));
}

function wrapLine(line: string, columns: number): string[] {
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
