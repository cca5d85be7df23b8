import { printable } from '../support/printable';
import { isBreach, type Evidence, type IsolationReport } from './evidence';

/** Colors the parts of a formatted report. Default: no color. */
export interface EvidenceColors {
  expected?: (text: string) => string;
  found?: (text: string) => string;
  dim?: (text: string) => string;
}

/**
 * Formats a report for people: first each breach in full, then what is noted, then the names of the sealed checks.
 * Output of the container is made safe to print.
 */
export function formatEvidence(report: IsolationReport, colors: EvidenceColors = {}): string {
  const breaches = report.evidence.filter(isBreach);
  const noted = report.evidence.filter(({ status }) => status === 'noted');
  const sealed = report.evidence.filter(({ status }) => status === 'sealed');
  return [
    ...breaches.map((one) => formatOne(one, colors)),
    section('Noted, not a breach', noted.map(formatNoted), colors),
    section('Sealed', wrap(sealed.map(({ check }) => check)), colors),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Counts the checks and the failed checks, in one line. */
export function summarize({ evidence }: IsolationReport): string {
  const open = evidence.filter(({ status }) => status === 'open').length;
  const unknown = evidence.filter(({ status }) => status === 'unknown').length;
  const parts = [open > 0 ? `${open} open` : '', unknown > 0 ? `${unknown} that could not be checked` : ''];
  const found = parts.filter((part) => part !== '').join(' and ');
  return `${found === '' ? 'none open' : found}, of ${evidence.length} checks`;
}

function formatOne({ check, status, expected, found, how }: Evidence, colors: EvidenceColors): string {
  const { expected: asExpected = same, found: asFound = same, dim = same } = colors;
  return [
    `${status === 'open' ? '✕' : '?'} ${check}`,
    field('expected', expected, asExpected),
    field(status === 'open' ? 'found' : 'unknown', found, asFound),
    field('seen in', how, dim),
  ].join('\n');
}

function formatNoted({ check, found }: Evidence): string {
  return `${check}: ${printable(found).split('\n').join(', ')}`;
}

function field(label: string, text: string, color: (text: string) => string): string {
  const [first = '', ...others] = printable(text).split('\n');
  const indent = ' '.repeat(13);
  return [`    ${label.padEnd(9)}${color(first)}`, ...others.map((line) => indent + color(line))].join('\n');
}

function section(title: string, lines: string[], { dim = same }: EvidenceColors): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `    ${line}`)].map(dim).join('\n');
}

/** Joins words with commas into lines of at most 100 characters. */
function wrap(words: string[]): string[] {
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const text = index === words.length - 1 ? word : `${word},`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < 100) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  }
  return lines;
}

function same(text: string): string {
  return text;
}
