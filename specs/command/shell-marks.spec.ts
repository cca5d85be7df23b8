import { holdShellError, type ShellErrorFilter } from '../../src/command/shell/exec-error-filter';
import { readSentinels } from '../../src/command/shell/sentinels';

describe('The sentinels in the output of a persistent shell', () => {
  const token = 'nGq0Zx4TtZk';

  /** What is read from the pieces, with sentinels as `<message>`. */
  function read(pieces: readonly string[]): string[] {
    const seen: string[] = [];
    const piece = readSentinels(
      token,
      (bytes) => seen.push(bytes.toString('latin1')),
      (message) => seen.push(`<${message}>`),
    );
    for (const text of pieces) piece(Buffer.from(text, 'latin1'));
    return seen;
  }

  it('are taken out, with or without a newline before', () => {
    expect(read([`out\n${token}E0\n`])).toEqual(['out\n', '<E0>']);
    expect(read([`out${token}E0\n`])).toEqual(['out', '<E0>']);
    expect(read([`${token}\n`])).toEqual(['<>']);
  });

  it('are found wherever they are cut', () => {
    const text = `some \0 output${token}N\n${token}E127R\n`;
    for (let at = 0; at <= text.length; at++) {
      expect(read([text.slice(0, at), text.slice(at)]).join('')).toBe('some \0 output<N><E127R>');
    }
    expect(read(Array.from(text)).join('')).toBe('some \0 output<N><E127R>');
  });

  it('hold nothing back but what may be the beginning of one', () => {
    expect(read(['a prompt> '])).toEqual(['a prompt> ']);
    expect(read([`x${token.slice(0, 4)}`])).toEqual(['x']);
    expect(read([`x${token.slice(0, 4)}`, '!'])).toEqual(['x', `${token.slice(0, 4)}!`]);
  });

  it('are not made by what only begins like one, again and again', () => {
    const start = token.slice(0, -1);

    expect(read([start, start, start, `${token}E0\n`]).join('')).toBe(`${start.repeat(3)}<E0>`);
  });
});

describe("A shell's error that it could not become a program", () => {
  function listen(): { heard: string[]; errors: ShellErrorFilter } {
    const heard: string[] = [];
    return { heard, errors: holdShellError((bytes) => heard.push(bytes.toString())) };
  }

  it.each([
    'belljar: 44: exec: /x: not found\n',
    'belljar: exec: line 43: /x: not found\n',
    'environment: line 44: /x\n',
  ])('is held back: %j', (message) => {
    const { heard, errors } = listen();

    errors.add(Buffer.from(message));

    expect(heard).toEqual([]);
  });

  it('is let go if it was the command that spoke', () => {
    const { heard, errors } = listen();

    errors.add(Buffer.from('belljar: 1: my own words'));
    errors.add(Buffer.from(' and more'));
    errors.release();

    expect(heard.join('')).toBe('belljar: 1: my own words and more');
  });

  it('is not looked for but at the beginning', () => {
    const { heard, errors } = listen();

    errors.add(Buffer.from('first\n'));
    errors.add(Buffer.from('belljar: 44: exec: \n'));

    expect(heard).toHaveLength(2);
  });

  it('does not hold back more than a shell would say', () => {
    const { heard, errors } = listen();

    errors.add(Buffer.from('belljar: 44: exec: '));
    errors.add(Buffer.alloc(9000, 'x'));

    expect(heard.join('')).toHaveLength(9019);
  });
});
