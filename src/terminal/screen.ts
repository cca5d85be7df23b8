import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';

/** What a terminal shows at one moment. */
export interface Screen {
  /** The lines joined by newlines, without blanks at their ends and without empty lines at the bottom. */
  readonly text: string;
  /** Every line from top to bottom, without blanks at its end. */
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
  /** Where the cursor is, counted from 0 at the top left, and whether it is shown. */
  readonly cursor: { readonly column: number; readonly row: number; readonly visible: boolean };
  /** The window's title, as the program set it. */
  readonly title: string;
  /** Whether the program shows its alternate screen, as editors and pagers do. */
  readonly alternate: boolean;
  /** Every character with its colors and attributes: `cells[row][column]`. */
  readonly cells: readonly (readonly Cell[])[];
}

/** A character on the screen. */
export interface Cell {
  /** The character with what combines with it; empty where nothing was written, or right of a wide character. */
  readonly text: string;
  /** How many columns it takes: 2 for a wide character, 0 for what is right of it. */
  readonly width: number;
  readonly foreground: Color;
  readonly background: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly blink: boolean;
  /** Whether foreground and background have changed places. */
  readonly inverse: boolean;
  readonly invisible: boolean;
  readonly strikethrough: boolean;
}

/** The terminal's default, a number of its palette - 0 to 7, bright 8 to 15, up to 255 - or `#rrggbb`. */
export type Color = 'default' | number | `#${string}`;

/** A look at the emulator's buffer, without what the buffer does not know. */
export type BufferView = Pick<Screen, 'text' | 'lines' | 'cells'>;

/** Reads every cell of the screen, bottom part of a buffer. */
export function readBuffer(buffer: IBuffer, rows: number): BufferView {
  const found = linesOf(buffer, rows);
  const lines = found.map(lineText);
  return { lines, text: joined(lines), cells: found.map((line) => cellsOf(line, buffer.getNullCell())) };
}

/**
 * The text that a wait looks at, twice: line by line as seen, and with the lines joined that the terminal had to break
 * at its edge. Blanks at a line's end do not count, except before the cursor: a prompt may end in one.
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

/** The text of the cursor's line, up to the cursor. */
export function readBeforeCursor(buffer: IBuffer): string {
  return buffer.getLine(buffer.baseY + buffer.cursorY)?.translateToString(false, 0, buffer.cursorX) ?? '';
}

/** The lines above the screen, oldest first, those joined that the terminal had to break at its edge. */
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
