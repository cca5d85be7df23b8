import { TerminalError } from './errors';

/** The modes, set by the program, that change the bytes of keys. */
export interface KeyModes {
  /** Arrow keys, Home and End send application sequences, which full-screen programs ask for (DECCKM). */
  applicationCursor: boolean;
  /** Pasted text is put between markers, so that the program can tell it from typed text. */
  bracketedPaste: boolean;
}

/** Takes secrets out of an error's message. */
type Redact = (text: string) => string;

/** Makes the error for a key that can't be pressed. */
type Refuse = (why: string) => TerminalError;

/**
 * Returns the bytes of a key, as xterm sends them ("XTerm Control Sequences", PC-Style Function Keys).
 *
 * @param key a name such as `Enter`, `F5`, `Ctrl+C`, `Alt+x`, `Shift+Tab`, or a single character
 * @param modes what the program has asked of its terminal
 * @param redact takes secrets out of the error's message. Default: leaves it as it is
 * @throws TerminalError `UNKNOWN_KEY`, with the names of all keys
 */
export function keySequence(
  key: string,
  { applicationCursor }: KeyModes,
  redact: Redact = (text) => text,
): string {
  const refuse: Refuse = (why) => unknownKey(key, why, redact);
  const { modifiers, name } = takeApart(key, refuse);
  const letter = cursorKeys.get(name);
  if (letter !== undefined)
    return cursorSequence(letter, modifiers, applicationCursor || /^[P-S]$/.test(letter));
  const number = numberedKeys.get(name);
  if (number !== undefined) return `\u001b[${number}${modifiers === 0 ? '' : `;${modifiers + 1}`}~`;
  const sent = plainKeys.get(name) ?? (isCharacter(name) ? name : undefined);
  if (sent === undefined) throw refuse(`there is no key ${JSON.stringify(name)}`);
  return withModifiers(sent, modifiers, refuse);
}

/** Returns the bytes of a paste: line ends as the Enter key sends them, and nothing that could end the paste early. */
export function pasteSequence(text: string, { bracketedPaste }: KeyModes): string {
  const lines = asTyped(text);
  return bracketedPaste ? `\u001b[200~${lines.replaceAll('\u001b', '')}\u001b[201~` : lines;
}

/** Returns text as a keyboard sends it: a line end is the Enter key. */
export function asTyped(text: string): string {
  return text.replace(/\r?\n/g, '\r');
}

const shift = 1;
const alt = 2;
const control = 4;
const modifierNames = new Map<string, number>(Object.entries({ Shift: shift, Alt: alt, Ctrl: control }));

/** Keys that send the same character or sequence in every mode. */
const plainKeys = new Map<string, string>(
  Object.entries({
    Enter: '\r',
    Tab: '\t',
    Escape: '\u001b',
    Backspace: '\u007f',
    Space: ' ',
  }),
);

/** Keys whose sequence ends in a letter. */
const cursorKeys = new Map<string, string>(
  Object.entries({
    Up: 'A',
    Down: 'B',
    Right: 'C',
    Left: 'D',
    End: 'F',
    Home: 'H',
    F1: 'P',
    F2: 'Q',
    F3: 'R',
    F4: 'S',
  }),
);

/** Keys whose sequence has a number. */
const numberedKeys = new Map<string, number>(
  Object.entries({
    Insert: 2,
    Delete: 3,
    PageUp: 5,
    PageDown: 6,
    F5: 15,
    F6: 17,
    F7: 18,
    F8: 19,
    F9: 20,
    F10: 21,
    F11: 23,
    F12: 24,
  }),
);

const keyNames = [...plainKeys.keys(), ...cursorKeys.keys(), ...numberedKeys.keys()];

function takeApart(key: string, refuse: Refuse): { modifiers: number; name: string } {
  let modifiers = 0;
  let name = key;
  // The last part may be a plus sign itself: Ctrl++.
  for (;;) {
    const [, modifier = '', rest = ''] = /^(\w+)\+(.+)$/s.exec(name) ?? [];
    if (modifier === '') return { modifiers, name };
    const bit = modifierNames.get(modifier);
    if (bit === undefined) throw refuse(`there is no modifier ${JSON.stringify(modifier)}`);
    modifiers |= bit;
    name = rest;
  }
}

function isCharacter(name: string): boolean {
  return /^.$/su.test(name);
}

function cursorSequence(letter: string, modifiers: number, application: boolean): string {
  if (modifiers !== 0) return `\u001b[1;${modifiers + 1}${letter}`;
  return `\u001b${application ? 'O' : '['}${letter}`;
}

function withModifiers(sent: string, modifiers: number, refuse: Refuse): string {
  const prefix = (modifiers & alt) !== 0 ? '\u001b' : '';
  if ((modifiers & control) !== 0) return prefix + controlCharacter(sent, refuse);
  if ((modifiers & shift) === 0) return prefix + sent;
  if (sent === '\t') return `${prefix}\u001b[Z`;
  return prefix + sent.toUpperCase();
}

/** Returns the low five bits of a letter or of one of `@[\]^_` (ECMA-48). The other characters are those of xterm. */
function controlCharacter(sent: string, refuse: Refuse): string {
  if (/^[a-z@[\\\]^_]$/i.test(sent)) return String.fromCharCode(sent.toUpperCase().charCodeAt(0) & 0x1f);
  if (sent === ' ') return '\0';
  if (sent === '?') return '\u007f';
  if (sent === '\u007f') return '\b';
  throw refuse('a terminal can only combine Ctrl with letters, Space, Backspace and @[\\]^_?');
}

function unknownKey(key: string, why: string, redact: Redact): TerminalError {
  const names = keyNames.join(', ');
  const message =
    `Can't press ${JSON.stringify(key)}: ${why}. The keys are ${names} and single characters, each also after ` +
    `Ctrl+, Alt+ or Shift+: 'Ctrl+C', 'Alt+x', 'Shift+Tab'. To send more characters, use type().`;
  return new TerminalError('UNKNOWN_KEY', redact(message));
}
