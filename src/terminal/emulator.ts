import { Terminal as Xterm } from '@xterm/headless';
import { readBeforeCursor, readBuffer, readForSearch, readScrollback, type Screen } from './screen';
import type { KeyModes } from './keys';

/** A terminal emulator without a window. It keeps the screen that a person would see. */
export interface Emulator {
  /** Writes output of the program; settles once the screen shows it. A character may be split between two calls. */
  write(bytes: Uint8Array): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Counts the writes and resizes, each of which may have changed the screen. */
  readonly revision: number;
  readonly columns: number;
  readonly rows: number;
  /** The modes that the program has set for keys and pasted text. */
  readonly modes: KeyModes;
  screen(): Screen;
  /** Returns the text that a wait searches. */
  searched(): readonly string[];
  beforeCursor(): string;
  scrollback(): string[];
}

export interface EmulatorOptions {
  columns: number;
  rows: number;
  scrollback: number;
  /** Called with the terminal's own answers to the program: the cursor's position, the kind of terminal. */
  onReply: (text: string) => void;
}

export function createEmulator({ columns, rows, scrollback, onReply }: EmulatorOptions): Emulator {
  const xterm = new Xterm({ cols: columns, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  let title = '';
  let revision = 0;
  const cursor = watchCursor(xterm);
  refuseEndlessWork(xterm);
  xterm.onTitleChange((text) => (title = text));
  xterm.onData(onReply);
  return {
    write: (bytes) =>
      new Promise((settle) => {
        xterm.write(bytes, () => {
          revision += 1;
          settle();
        });
      }),
    resize: (newColumns, newRows) => {
      xterm.resize(newColumns, newRows);
      revision += 1;
    },
    get revision() {
      return revision;
    },
    get columns() {
      return xterm.cols;
    },
    get rows() {
      return xterm.rows;
    },
    get modes() {
      const { applicationCursorKeysMode, bracketedPasteMode } = xterm.modes;
      return { applicationCursor: applicationCursorKeysMode, bracketedPaste: bracketedPasteMode };
    },
    screen: () => {
      const buffer = xterm.buffer.active;
      return {
        ...readBuffer(buffer, xterm.rows),
        columns: xterm.cols,
        rows: xterm.rows,
        cursor: { column: buffer.cursorX, row: buffer.cursorY, visible: cursor.visible() },
        title,
        alternate: buffer.type === 'alternate',
      };
    },
    searched: () => readForSearch(xterm.buffer.active, xterm.rows),
    beforeCursor: () => readBeforeCursor(xterm.buffer.active),
    scrollback: () => readScrollback(xterm.buffer.normal),
  };
}

/**
 * Tracks whether the cursor is shown, which xterm.js does not tell: DECTCEM, and a full reset (xterm control
 * sequences).
 */
function watchCursor(xterm: Xterm): { visible: () => boolean } {
  let visible = true;
  const set = (shown: boolean) => (parameters: (number | number[])[]) => {
    if (parameters.includes(25)) visible = shown;
    return false;
  };
  xterm.parser.registerCsiHandler({ prefix: '?', final: 'h' }, set(true));
  xterm.parser.registerCsiHandler({ prefix: '?', final: 'l' }, set(false));
  xterm.parser.registerEscHandler({ final: 'c' }, () => {
    visible = true;
    return false;
  });
  return { visible: () => visible };
}

/** Repeat, insert and delete lines, scroll, tabulate: the emulator repeats each as often as the program says. */
const repeating = ['b', 'L', 'M', 'S', 'T', 'I', 'Z'];

/** More repeats than any screen has lines or columns. */
const maxRepeats = 10_000;

/**
 * Ignores sequences that would keep the emulator, and so the whole test run, busy for minutes. A program under test may
 * print anything.
 */
function refuseEndlessWork(xterm: Xterm): void {
  for (const final of repeating) {
    xterm.parser.registerCsiHandler({ final }, (parameters) =>
      parameters.some((parameter) => typeof parameter === 'number' && parameter > maxRepeats),
    );
  }
}
