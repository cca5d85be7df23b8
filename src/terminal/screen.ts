import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';

/** The screen of a terminal at one moment. */
export interface Screen {
  /** The lines joined by newlines, without blanks at their ends and without empty lines at the bottom. */
  readonly text: string;
  /** Every line from top to bottom, without blanks at the end. */
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
  /** The position of the cursor, counted from 0 at the top left, and whether the cursor is shown. */
  readonly cursor: { readonly column: number; readonly row: number; readonly visible: boolean };
  /** The window's title, as the program set it. */
  readonly title: string;
  /** True if the program uses the alternate screen, as editors and pagers do. */
  readonly alternate: boolean;
  /** Every character with its colors and attributes: `cells[row][column]`. */
  readonly cells: readonly (readonly Cell[])[];
}

/** A character on the screen. */
export interface Cell {
  /** The character and its combining characters; empty if nothing was written, or to the right of a wide character. */
  readonly text: string;
  /** The width in columns: 2 for a wide character, 0 for the cell to the right of one. */
  readonly width: number;
  readonly foreground: Color;
  readonly background: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly blink: boolean;
  /** True if foreground and background are swapped. */
  readonly inverse: boolean;
  readonly invisible: boolean;
  readonly strikethrough: boolean;
}

/** The terminal's default color, a number of its palette (0 to 7, bright 8 to 15, up to 255), or `#rrggbb`. */
export type Color = 'default' | number | `#${string}`;

/** The part of a screen that the emulator's buffer has. */
export type BufferView = Pick<Screen, 'text' | 'lines' | 'cells'>;

/** Reads every cell of the screen, which is the bottom part of a buffer. */
export function readBuffer(buffer: IBuffer, rows: number): BufferView {
  const found = linesOf(buffer, rows);
  const lines = found.map(lineText);
  return { lines, text: joined(lines), cells: found.map((line) => cellsOf(line, buffer.getNullCell())) };
}

/**
 * Reads the text that a wait searches, in two forms: line by line as seen, and with wrapped lines joined. Blanks at a
 * line's end are removed, except before the cursor, because a prompt may end in a blank.
 */
export function readForSearch(buffer: IBuffer, rows: number): readonly [seen: string, unbroken: string] {
  const lines = linesOf(buffer, rows);
  const texts = lines.map((line, row) =>
    row === buffer.cursorY
      ? lineText(line).padEnd(line?.translateToString(false, 0, buffer.cursorX).length ?? 0)
      : lineText(line),
  );
  const unbroken = texts.map((text, row) => (row > 0 && lines[row]?.isWrapped === true ? text : `\n${text}`));
  return [texts.join('\n'), unbroken.join('').slice(1)];
}

/** Returns the text of the cursor's line, up to the cursor. */
export function readBeforeCursor(buffer: IBuffer): string {
  return buffer.getLine(buffer.baseY + buffer.cursorY)?.translateToString(false, 0, buffer.cursorX) ?? '';
}

/** Reads the lines above the screen, oldest first, with wrapped lines joined. */
export function readScrollback(buffer: IBuffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < buffer.baseY; at += 1) {
    const line = buffer.getLine(at);
    const text = line?.translateToString(true) ?? '';
    if (line?.isWrapped === true && lines.length > 0) lines.push((lines.pop() ?? '') + text);
    else lines.push(text);
  }
  return lines.map((line) => line.trimEnd());
}

function linesOf(buffer: IBuffer, rows: number): (IBufferLine | undefined)[] {
  return Array.from({ length: rows }, (_, row) => buffer.getLine(buffer.baseY + row));
}

function lineText(line: IBufferLine | undefined): string {
  return line?.translateToString(true).replace(/ +$/, '') ?? '';
}

function joined(lines: readonly string[]): string {
  return lines.join('\n').replace(/\n+$/, '');
}

function cellsOf(line: IBufferLine | undefined, reused: IBufferCell): Cell[] {
  return Array.from({ length: line?.length ?? 0 }, (_, column) =>
    cellOf(line?.getCell(column, reused) ?? reused),
  );
}

function cellOf(cell: IBufferCell): Cell {
  return {
    text: cell.getChars(),
    width: cell.getWidth(),
    foreground: colorOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colorOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    blink: cell.isBlink() !== 0,
    inverse: cell.isInverse() !== 0,
    invisible: cell.isInvisible() !== 0,
    strikethrough: cell.isStrikethrough() !== 0,
  };
}

function colorOf(isDefault: boolean, isRgb: boolean, color: number): Color {
  if (isDefault) return 'default';
  return isRgb ? `#${color.toString(16).padStart(6, '0')}` : color;
}
