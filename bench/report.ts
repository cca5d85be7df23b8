import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine';
import { contenders, type Row } from './row';

/** From this line on, people write the results file, and it is kept. */
const notesBegin = '<!-- What follows is written by hand and kept by `npm run bench`. -->';

const emptyNotes = `${notesBegin}\n\n## Where the time goes\n\nNothing is noted yet.\n`;

/** Writes the results file again, except the notes at its end. */
export function writeResults(file: string, machine: Machine, rows: readonly Row[], seconds: number): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = before.indexOf(notesBegin);
  writeFileSync(file, `${resultsText(machine, rows, seconds)}\n${at === -1 ? emptyNotes : before.slice(at)}`);
}

function resultsText(machine: Machine, rows: readonly Row[], seconds: number): string {
  const facts = Object.entries(machineLabels).map(
    ([key, label]) => `| ${label} | ${machine[key as keyof Machine]} |`,
  );
  return [
    '# Benchmark results',
    '',
    'Written by `npm run bench`, which measures belljar as it is published, plain testcontainers, and the engine by its API',
    'alone (dockerode), in turns, in one run. Values are medians, with the 5th to 95th percentile in brackets and how many',
    'times it was measured. A ratio is of medians; what it divides stands beside it.',
    '',
    '| machine | |',
    '| --- | --- |',
    ...facts,
    `| run took | ${(seconds / 60).toFixed(1)} minutes |`,
    '',
    '| row | unit | belljar | testcontainers | engine | ratio | target | reached |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(tableLine),
    '',
    ...rows.flatMap((row) => (row.note === null ? [] : [`- ${row.name}: ${row.note}`])),
    '',
  ].join('\n');
}

const machineLabels: Record<keyof Machine, string> = {
  date: 'date',
  cores: 'cores',
  memory: 'memory',
  kernel: 'kernel',
  node: 'Node.js',
  engine: 'engine',
  image: 'image',
  loadBefore: 'load average before',
};

function tableLine(row: Row): string {
  if (row.error !== null) return `| ${row.name} | | failed: ${oneLine(row.error)} | | | | | no |`;
  const values = contenders.map((contender) => cell(row, contender));
  const ratio = row.ratio === null ? '' : `${figure(row.ratio)} (${row.ratioOf})`;
  const cells = [row.name, row.unit, ...values, ratio, row.target ?? '', reachedText(row.reached)];
  return `| ${cells.join(' | ')} |`;
}

function cell(row: Row, contender: (typeof contenders)[number]): string {
  const value = row[contender];
  const spread = row.spread[contender];
  if (value === null || spread === undefined) return '';
  if (spread.count === 1) return `${figure(value)} (once)`;
  return `${figure(value)} (${figure(spread.p5)}–${figure(spread.p95)}, ${spread.count})`;
}

function reachedText(reached: boolean | null): string {
  if (reached === null) return '';
  return reached ? 'yes' : 'no';
}

/** For people who watch: one line a row. */
export function consoleLine(row: Row): string {
  if (row.error !== null) return `${row.name}: FAILED: ${row.error}`;
  const values = contenders.flatMap((contender) =>
    row[contender] === null ? [] : [`${contender} ${cell(row, contender)}`],
  );
  const ratio = row.ratio === null ? '' : `, ${row.ratioOf} ${figure(row.ratio)}`;
  const target =
    row.target === null ? '' : ` (${row.target}: ${row.reached === true ? 'reached' : 'NOT reached'})`;
  return `${row.name}, ${row.unit}: ${values.join(', ')}${ratio}${target}`;
}

/** Three figures are more than such measurements are good for. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 300);
}
