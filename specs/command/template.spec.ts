import { execPath } from 'node:process';
import { execa } from 'execa';
import { templateScript, templateWords, type TemplateValue } from '../../src/command/template';
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
    (tag) => tag`${showArguments} a\nb c\td	e`,
    (tag) => tag`${showArguments} "double" 'single' \\ \x41\u{42}C \$x`,
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

describe('A command template with a shell', () => {
  it('leaves its own text as it is, and quotes every value', () => {
    expect(script`grep ${"it's"} file | wc -l > ${'/tmp/my out'}`).toBe(
      String.raw`grep 'it'\''s' file | wc -l > '/tmp/my out'`,
    );
  });

  it('makes a list several quoted words', () => {
    expect(script`rm -f ${['a b', 'c']}`).toBe("rm -f 'a b' c");
  });
});
