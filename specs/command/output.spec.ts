import { CommandError, useContainer } from '../../src';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('The output of a command', () => {
  const box = useContainer({ scope: 'file' });

  it('is decoded once: a character is whole wherever the engine cuts the stream', async () => {
    const { stdout } = await box.sh`i=0; while [ $i -lt 20000 ]; do printf '€ä𝄞'; i=$((i+1)); done`;

    expect(stdout).toBe('€ä𝄞'.repeat(20_000));
  });

  it('is the exact bytes with encoding: buffer, text or not', async () => {
    const { stdout, stderr, all } = await box.run('printf', [String.raw`\377\000\303(`], {
      encoding: 'buffer',
    });

    expect([...stdout]).toEqual([0xff, 0x00, 0xc3, 0x28]);
    expect([...stderr]).toEqual([]);
    expect([...all]).toEqual([...stdout]);
  });

  it('shows U+FFFD in place of bytes that are not UTF-8', async () => {
    const { stdout } = await box.run('printf', [String.raw`a\377b`]);

    expect(stdout).toBe('a\ufffdb');
  });

  it('may have 200 MB', async () => {
    const size = 200_000_000;

    const { stdout } = await box.run('head', ['-c', String(size), '/dev/zero'], {
      maxBuffer: size,
      encoding: 'buffer',
    });

    expect(stdout).toHaveLength(size);
  });

  it('is cut at maxBuffer, and the command that prints on is killed', async () => {
    const error = await rejectionOf(box.run('yes', [], { maxBuffer: 1000 }), CommandError);

    expect(error).toMatchObject({ code: 'MAX_BUFFER', isMaxBuffer: true });
    expect(error.stdout).toHaveLength(999);
    expect(error.message).toContain('Command printed more than 1000 bytes (maxBuffer) and was killed: yes');
  });

  it('may have exactly maxBuffer bytes', async () => {
    await expect(box.run('printf', ['x'.repeat(1000)], { maxBuffer: 1000 })).toSucceed();
  });
});
