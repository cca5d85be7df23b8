import { printable } from '../support/printable';
import type { Cell, Screen } from './screen';

/**
 * Formats a screen in a frame, as failures and snapshots show it, without colors and without empty lines at the bottom.
 * The result contains no characters that move the cursor or change the direction of text.
 */
export function formatScreen(screen: Screen): string {
  const rows = Math.max(lastRow(screen), screen.cursor.row) + 1;
  const lines = screen.cells.slice(0, rows).map((cells) => `│${lineOf(cells, screen.columns)}│`);
  const rest = screen.rows - rows;
  const below = rest > 0 ? [`│${dimmed(`${rest} empty`, screen.columns)}│`] : [];
  return [edge('╭', titleOf(screen), '╮', screen.columns), ...lines, ...below, bottom(screen)].join('\n');
}

/** Returns whether a value is a screen. */
function isScreen(value: unknown): value is Screen {
  return (
    typeof value === 'object' &&
    value !== null &&
    'cells' in value &&
    'cursor' in value &&
    'alternate' in value
  );
}

/** A serializer for Jest's `expect.addSnapshotSerializer`, which prints the result of `screen()`. */
export const screenSerializer = {
  test: (value: unknown): boolean => isScreen(value),
  serialize: (value: Screen): string => formatScreen(value),
};

function lastRow({ lines }: Screen): number {
  return lines.reduce((last, line, row) => (line === '' ? last : row), -1);
}

/** Formats a line, padded by the columns that its characters take, not by their number. */
function lineOf(cells: readonly Cell[], columns: number): string {
  const line = cells.map(({ text, width }) => (text === '' && width > 0 ? ' ' : harmless(text))).join('');
  return line + ' '.repeat(Math.max(0, columns - cells.length));
}

function dimmed(text: string, columns: number): string {
  return `⋯ ${text}`.slice(0, columns).padEnd(columns);
}

function titleOf({ title }: Screen): string {
  return harmless(title);
}

function bottom({ columns, rows, cursor, alternate }: Screen): string {
  const facts = [
    `${columns}x${rows}`,
    `cursor at ${cursor.column},${cursor.row}${cursor.visible ? '' : ' (hidden)'}`,
    ...(alternate ? ['alternate screen'] : []),
  ];
  return edge('╰', facts.join(', '), '╯', columns);
}

function edge(left: string, text: string, right: string, columns: number): string {
  const most = Math.max(0, columns - 4);
  const cut = text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text;
  const label = text === '' || most < 4 ? '' : `─ ${cut} `;
  return `${left}${label.padEnd(columns, '─')}${right}`;
}

/**
 * Removes control characters and those that change the text's direction (Unicode, "Bidirectional Formatting
 * Characters").
 */
function harmless(text: string): string {
  return printable(text.replace(/[\r\n\t]/g, ' ')).replace(
    /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    '',
  );
}
