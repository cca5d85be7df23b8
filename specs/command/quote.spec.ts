import { execa } from 'execa';
import fc from 'fast-check';
import { quote } from '../../src/command/quote';

describe('A quoted argument', () => {
  it('is left alone if a shell reads it as it is', () => {
    expect(['ls', '--mode=755', '/usr/bin', 'a@b:c,d.e'].map(quote)).toEqual([
      'ls',
      '--mode=755',
      '/usr/bin',
      'a@b:c,d.e',
    ]);
  });

  it('is never read as an assignment, an option to the shell or a pattern', () => {
    expect(['A=1', '', '*', '~', '#x', "it's"].map(quote)).toEqual([
      "'A=1'",
      "''",
      "'*'",
      "'~'",
      "'#x'",
      String.raw`'it'\''s'`,
    ]);
  });

  it.each(['sh', 'bash'])('comes back unchanged from %s, whatever it holds', async (shell) => {
    // NUL can't be in an argument of any program; a lone surrogate is not text.
    const argument = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && isWellFormed(text));
    const batches = fc.array(argument, { minLength: 50, maxLength: 50 });

    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const script = `printf '%s\\0' ${batch.map(quote).join(' ')}`;
        // Bash would take a socket for a login by ssh, and read the user's ~/.bashrc.
        const { stdout } = await execa(shell, ['-c', script], { stdin: 'ignore' });
        expect(stdout.split('\0').slice(0, -1)).toEqual(batch);
      }),
      { numRuns: 40 },
    );
  });
});

function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}
