import { background, foreground, toHex } from './palette';
import type { Cell, Color, Screen } from './screen';

/** The size of a character, in the picture's units. */
const cell = { width: 8.4, height: 17, baseline: 13 };
const margin = 10;
const titleHeight = 28;

const fonts = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/**
 * Draws a screen as an SVG file: a window with title, colors and cursor. Returns the file's contents. Equal screens
 * result in equal pictures.
 */
export function screenToSvg(screen: Screen): string {
  const width = round(screen.columns * cell.width + 2 * margin);
  const height = round(screen.rows * cell.height + 2 * margin + titleHeight);
  const rows = screen.cells.slice(0, screen.rows).map((_, row) => drawRow(runsOf(screen, row), row));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="${fonts}" font-size="14" role="img">`,
    `<title>${escape(screen.title || 'Terminal')}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    ...drawTitle(screen.title, width),
    `<g transform="translate(${margin} ${titleHeight + margin})">`,
    ...rows.flat(),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function drawTitle(title: string, width: number): string[] {
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${18 + index * 18}" cy="15" r="5.5" fill="${fill}"/>`,
  );
  const room = Math.max(0, Math.floor((width - 160) / cell.width));
  const shown = title.length > room ? `${title.slice(0, Math.max(0, room - 1))}…` : title;
  const text = `<text x="${round(width / 2)}" y="20" text-anchor="middle" fill="#9a9a9a">${escape(shown)}</text>`;
  return [...dots, ...(shown === '' ? [] : [text])];
}

/** Neighboring characters that look alike and are drawn as one. */
interface Run {
  column: number;
  /** The width in columns. */
  width: number;
  text: string;
  look: Look;
}

interface Look {
  foreground: string;
  background: string;
  /** The SVG attributes for bold, dim and so on. */
  attributes: string;
}

function runsOf({ cells, cursor }: Screen, row: number): Run[] {
  const runs: Run[] = [];
  (cells[row] ?? []).forEach((one, column) => {
    if (one.width === 0) return;
    const isCursor = cursor.visible && cursor.row === row && cursor.column === column;
    const run = { column, width: one.width, text: shownText(one), look: lookOf(one, isCursor) };
    const last = runs.at(-1);
    if (last !== undefined && belongTogether(last, run)) {
      last.width += run.width;
      last.text += run.text;
    } else runs.push(run);
  });
  return runs;
}

/**
 * Returns whether two runs can be drawn as one. Characters beyond ASCII may come from fonts of other widths, so only
 * equal ones are drawn together: otherwise they would leave their columns.
 */
function belongTogether(left: Run, right: Run): boolean {
  if (JSON.stringify(left.look) !== JSON.stringify(right.look)) return false;
  return isAscii(left.text + right.text) || left.text.startsWith(right.text);
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function shownText({ text, invisible }: Cell): string {
  return text === '' || invisible ? ' ' : text;
}

/** Returns a cell's look. The cursor is a block, which swaps the colors of its character. */
function lookOf(one: Cell, isCursor: boolean): Look {
  const front = toHex(brightened(one), foreground);
  const back = toHex(one.background, background);
  const isInverse = one.inverse !== isCursor;
  return {
    foreground: isInverse ? back : front,
    background: isInverse ? front : back,
    attributes: attributesOf(one),
  };
}

/** Returns the text color. Terminals show bold text in the first eight colors as bright. */
function brightened({ foreground: color, bold }: Cell): Color {
  return bold && typeof color === 'number' && color < 8 ? color + 8 : color;
}

function attributesOf({ bold, dim, italic, underline, strikethrough }: Cell): string {
  const lines = [...(underline ? ['underline'] : []), ...(strikethrough ? ['line-through'] : [])];
  return [
    bold ? ' font-weight="bold"' : '',
    dim ? ' fill-opacity="0.6"' : '',
    italic ? ' font-style="italic"' : '',
    lines.length > 0 ? ` text-decoration="${lines.join(' ')}"` : '',
  ].join('');
}

function drawRow(runs: readonly Run[], row: number): string[] {
  const top = row * cell.height;
  const rectangles = runs
    .filter(({ look }) => look.background !== background)
    .map(({ column, width, look }) => {
      const place = `x="${round(column * cell.width)}" y="${top}"`;
      const size = `width="${round(width * cell.width)}" height="${cell.height}"`;
      return `<rect ${place} ${size} fill="${look.background}"/>`;
    });
  const texts = runs
    .map(withoutBlanks)
    .filter(({ text }) => text !== '')
    .map((run) => drawText(run, top + cell.baseline));
  return [...rectangles, ...texts];
}

/** Removes the blanks around a run, unless they are underlined. */
function withoutBlanks(run: Run): Run {
  if (run.look.attributes.includes('text-decoration')) return run;
  const [before = ''] = /^ */.exec(run.text) ?? [];
  const text = run.text.trim();
  const blanks = run.text.length - text.length;
  return { ...run, column: run.column + before.length, width: run.width - blanks, text };
}

/** Draws text as wide as its columns, whatever the font. */
function drawText({ column, width, text, look }: Run, y: number): string {
  const size = `textLength="${round(width * cell.width)}" lengthAdjust="spacingAndGlyphs"`;
  const place = `x="${round(column * cell.width)}" y="${y}" ${size}`;
  // Without this attribute, viewers collapse several blanks to one and drop those at the ends.
  const blanks = /^ | {2}| $/.test(text) ? ' xml:space="preserve"' : '';
  return `<text ${place} fill="${look.foreground}"${look.attributes}${blanks}>${escape(text)}</text>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Escapes text for XML (XML 1.0, "Characters"). Characters that XML does not allow, or that change the direction of
 * text, become U+FFFD.
 */
function escape(text: string): string {
  return text
    .replace(/[^\x20-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\x7f-\x9f]|\p{Bidi_Control}/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
