import { execPath } from 'node:process';
import { execa } from 'execa';
import { templateScript, templateWords, type TemplateValue } from '../../src/command/template';
import { TemplateError } from '../../src/command/errors';
import { InvalidOptionError } from '../../src/support/errors';

const words = (strings: TemplateStringsArray, ...values: TemplateValue[]): string[] =>
  templateWords(strings, values);
type Tag = (strings: TemplateStringsArray, ...values: (string | readonly string[])[]) => unknown;

/** A program that prints its arguments as JSON. */
const showArguments = [execPath, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--'];

const script = (strings: TemplateStringsArray, ...values: TemplateValue[]): string =>
  templateScript(strings, values);

describe('A command template without a shell', () => {
  it('splits its own text at spaces, tabs and line ends', () => {
    expect(words`  ls   -l
      /tmp	/var `).toEqual(['ls', '-l', '/tmp', '/var']);
  });

  it('makes every value one argument, whatever it holds', () => {
    expect(words`rm ${'a b; rm -rf /'} ${''} ${'$HOME'} ${7}`).toEqual([
      'rm',
      'a b; rm -rf /',
      '',
      '$HOME',
      '7',
    ]);
  });

  it('joins a value to the word that it touches', () => {
    expect(words`install --prefix=${'/opt/my app'}/bin`).toEqual(['install', '--prefix=/opt/my app/bin']);
  });

  it('makes a list several arguments, and an empty list none', () => {
    expect(words`ls ${['-l', 'my file']} ${[]} end`).toEqual(['ls', '-l', 'my file', 'end']);
  });

  it('takes what an earlier command printed', () => {
    const result = { exitCode: 0, escapedCommand: 'whoami', stdout: 'root' } as never;

    expect(words`id ${result}`).toEqual(['id', 'root']);
  });

  it.each<(tag: Tag) => unknown>([
    (tag) => tag`${showArguments} a	b`,
    (tag) => tag`${showArguments} {} a{1} ^b$ c$ --d=e%f x@y:z, + - [ ] ! NAME=x http://[::1]:80/?a=[b]*`,
    (tag) => tag`${showArguments} before${'x'}${['y', 'z z']}after ${''}`,
    (tag) => tag`
      ${showArguments}
        --on=${'several lines'}
    `,
  ])('splits as execa does: %s', async (template) => {
    const ours = template(words) as string[];
    const printed = (await template(execa)) as { stdout: string };

    expect(ours.slice(showArguments.length)).toEqual(JSON.parse(printed.stdout));
  });

  it.each([
    ['an empty template', () => words``, /must not be empty/],
    ['white space alone', () => words`  `, /must not be empty/],
    ['a promise', () => words`ls ${Promise.resolve('x') as never}`, /await it first/],
    ['an object', () => words`ls ${{ a: 1 } as never}`, /a string, a number or a result/],
    ['undefined', () => words`ls ${undefined as never}`, /a string, a number or a result/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(message);
  });
});

describe('What only a shell reads, in a command template without a shell', () => {
  it.each<[string, string, () => unknown]>([
    ['a double quote', '"', () => words`echo "two words"`],
    ['a single quote', "'", () => words`echo it's`],
    ['a backslash', '\\', () => words`echo a\nb`],
    [
      'a backslash before a line end',
      '\\',
      () => words`ls \
      -l`,
    ],
    ['a backslash that JavaScript does not know', '\\', () => words`echo \u`],
    ['a redirection', '>', () => words`echo hi > ${'/f'}`],
    ['a redirection to the end of a file', '>>', () => words`echo hi >>/f`],
    ['a redirection of standard input', '<', () => words`cat </f`],
    ['a redirection of standard error', '2>&1', () => words`ls 2>&1`],
    ['a pipe', '|', () => words`ls | wc`],
    ['and', '&&', () => words`true && ls`],
    ['or', '||', () => words`false || ls`],
    ['a semicolon', ';', () => words`true; ls`],
    ['the semicolon of find -exec', ';', () => words`find . -exec ls {} ;`],
    ['a background command', '&', () => words`sleep 9 &`],
    ['parentheses', '(', () => words`find ( -name x )`],
    ['a variable', '$HOME', () => words`ls $HOME`],
    ['a variable in braces', '$ in', () => words`ls \${HOME}`],
    ['a variable whose name is a value', '$${…}', () => words`ls $${'HOME'}`],
    ['a command substitution', '`', () => words`ls \`pwd\``],
    ['another command substitution', '$(', () => words`ls $(pwd)`],
    ['a pattern of any characters', '*', () => words`ls *.txt`],
    ['a pattern beside a value', '*', () => words`ls ${'/a'}/*`],
    ['a pattern of one character', '?', () => words`ls a?`],
    ['a pattern of some characters', '[ab]', () => words`ls [ab]`],
    ['a home directory', '~', () => words`ls ~/x`],
    ["a user's home directory", '~', () => words`ls ~${'root'}`],
    ['a home directory in an assignment', 'PREFIX=~', () => words`make PREFIX=~/x`],
    ['a list of words', '{a,b}', () => words`touch {a,b}`],
    ['a list of words with a value', '{a,${…}}', () => words`touch {a,${'b'}}`],
    ['a range of words', '{1..3}', () => words`touch x{1..3}`],
    ['a comment', '#', () => words`ls # all of them`],
    ['a negation', '!', () => words`! false`],
    ['a variable for one command', 'A=', () => words`A=b env`],
  ])('is refused: %s', (_, found, make) => {
    expect(make).toThrow(TemplateError);
    expect(make).toThrow(`To a shell, ${found} `);
  });

  it('is refused with what to write instead', () => {
    expect(() => words`ls -l 2>&1 ${'x'}`).toThrow(
      'To a shell, 2>&1 is a redirection. No shell reads a $`…` template, so nothing was run.\n' +
        "Use sh`…` for a shell or ${'2>&1'} for the plain text.",
    );
  });

  it('is any character in a value', () => {
    const all = '> >> < | && || ; & 2>&1 $x $(y) `z` * ? [a] ~ {a,b} " \' \\ # !';

    expect(words`echo ${all} --x=${all}y`).toEqual(['echo', all, `--x=${all}y`]);
  });
});

describe('A command template with a shell', () => {
  it('leaves its own text as it is, and quotes every value', () => {
    expect(script`grep ${"it's"} file | wc -l > ${'/tmp/my out'}`).toBe(
      String.raw`grep 'it'\''s' file | wc -l > '/tmp/my out'`,
    );
  });

  it.each([
    ['an escape', script`sed 's/\./_/g'`, "sed 's/\\./_/g'"],
    ['two backslashes', script`a \\ b\\`, 'a \\\\ b\\\\'],
    ['an escape that JavaScript does not know', script`printf '\u \x \101'`, "printf '\\u \\x \\101'"],
    [
      'a line continuation',
      script`ls \
 -l`,
      'ls \\\n -l',
    ],
    ['a variable', script`echo $HOME \$HOME`, 'echo $HOME \\$HOME'],
  ])('gets %s as it is written', (_, made, expected) => {
    expect(made).toBe(expected);
  });

  it('gets no backslash that only JavaScript needs', () => {
    expect(script`echo \`pwd\` \${HOME} $\{HOME}`).toBe('echo `pwd` ${HOME} ${HOME}');
    expect(script`echo \\\`pwd\` \\${'x'}`).toBe('echo \\\\`pwd` \\\\x');
  });

  it('makes a list several quoted words', () => {
    expect(script`rm -f ${['a b', 'c']}`).toBe("rm -f 'a b' c");
  });
});
