import { TerminalError } from '../../src';
import { keySequence, pasteSequence } from '../../src/terminal/keys';

const plain = { applicationCursor: false, bracketedPaste: false };
const fullScreen = { applicationCursor: true, bracketedPaste: true };

describe('A key', () => {
  it.each([
    ['Enter', '\r'],
    ['Tab', '\t'],
    ['Escape', '\u001b'],
    ['Backspace', '\u007f'],
    ['a', 'a'],
    ['é', 'é'],
    ['😀', '😀'],
    ['+', '+'],
    ['Up', '\u001b[A'],
    ['End', '\u001b[F'],
    ['Delete', '\u001b[3~'],
    ['PageDown', '\u001b[6~'],
    ['F1', '\u001bOP'],
    ['F12', '\u001b[24~'],
    ['Ctrl+C', '\u0003'],
    ['Ctrl+c', '\u0003'],
    ['Ctrl+[', '\u001b'],
    ['Ctrl+Space', '\0'],
    ['Alt+x', '\u001bx'],
    ['Alt++', '\u001b+'],
    ['Ctrl+Alt+x', '\u001b\u0018'],
    ['Shift+Tab', '\u001b[Z'],
    ['Ctrl+Right', '\u001b[1;5C'],
    ['Shift+Alt+F5', '\u001b[15;4~'],
    ['Ctrl+F1', '\u001b[1;5P'],
  ])('%s sends %j, as xterm does', (key, expected) => {
    expect(keySequence(key, plain)).toBe(expected);
  });

  it.each([
    ['Up', '\u001bOA'],
    ['Home', '\u001bOH'],
    ['Ctrl+Up', '\u001b[1;5A'],
    ['Enter', '\r'],
  ])('%s sends %j to a program that has asked for application cursor keys', (key, expected) => {
    expect(keySequence(key, fullScreen)).toBe(expected);
  });

  it.each(['enter', 'Return', 'Ctrl+1', 'Strg+C', 'F13', '', 'ab', 'constructor'])(
    '%j is refused, with the names of those there are',
    (key) => {
      expect(() => keySequence(key, plain)).toThrow(TerminalError);
      expect(() => keySequence(key, plain)).toThrow(/The keys are Enter, Tab, Escape, .*F12/);
    },
  );
});

describe('A paste', () => {
  it('sends line ends as the Enter key does', () => {
    expect(pasteSequence('a\nb\r\nc', plain)).toBe('a\rb\rc');
  });

  it('cannot be ended early by what is pasted', () => {
    expect(pasteSequence('a\u001b[201~rm -rf /', fullScreen)).toBe('\u001b[200~a[201~rm -rf /\u001b[201~');
  });
});
