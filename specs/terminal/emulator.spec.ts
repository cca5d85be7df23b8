import { createEmulator, type Emulator } from '../../src/terminal/emulator';
import { formatScreen } from '../../src/terminal/frame';
import { createRecorder } from '../../src/terminal/recorder';

function emulator(columns = 20, rows = 4): Emulator {
  return createEmulator({ columns, rows, scrollback: 100, onReply: () => undefined });
}

describe('A screen', () => {
  it('shows characters whose bytes came one by one', async () => {
    const terminal = emulator();

    for (const byte of Buffer.from('ü 日 𝄞')) await terminal.write(Uint8Array.of(byte));

    expect(terminal.screen().text).toBe('ü 日 𝄞');
  });

  it.each(['b', 'L', 'M', 'S', 'T', 'I', 'Z', '@', 'P', 'X'])(
    'survives a program that says “two thousand million times” (CSI %s)',
    async (final) => {
      const terminal = emulator();
      const started = performance.now();

      await terminal.write(Buffer.from(`x\u001b[2147483647${final}\r\nafter`));

      expect(terminal.screen().text).toContain('after');
      expect(performance.now() - started).toBeLessThan(1000);
    },
  );

  it('snapshots as a frame that is the same every time', async () => {
    const terminal = emulator();

    await terminal.write(Buffer.from('\u001b]0;title\u0007\u001b[32mone\u001b[0m\r\n日本 two'));

    expect(terminal.screen()).toMatchInlineSnapshot(`
╭─ title ────────────╮
│one                 │
│日本 two            │
│⋯ 2 empty           │
╰─ 20x4, cursor at… ─╯
`);
  });
});

describe('A frame', () => {
  it('holds nothing that could move a cursor, ring a bell or turn text around', async () => {
    const terminal = emulator(40);
    const title = 'evil \u202e\u001b[2J\u009b2J title';

    await terminal.write(Buffer.from(`\u001b]2;${title}\u001b\\\u202eabc\u0007\u0008d\u200fe`));

    expect(formatScreen(terminal.screen())).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  });
});

describe('A recording', () => {
  it('is an asciicast of version 2', () => {
    const recorder = createRecorder({ columns: 80, rows: 24, command: ['bash'], limit: 1000 });
    recorder.output(Buffer.from('ü').subarray(0, 1));
    recorder.output(Buffer.concat([Buffer.from('ü').subarray(1), Buffer.from('\u001b[1mx')]));
    recorder.resize(100, 30);

    const [header, first, second, ...rest] = recorder
      .asciicast()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

    expect(header).toMatchObject({ version: 2, width: 80, height: 24, title: 'bash' });
    expect(first).toEqual([expect.any(Number), 'o', 'ü\u001b[1mx']);
    expect(second).toEqual([expect.any(Number), 'r', '100x30']);
    expect(rest).toEqual([]);
  });

  it('forgets its beginning if it grows too long, and says so', () => {
    const recorder = createRecorder({ columns: 80, rows: 24, command: ['yes'], limit: 10_000 });
    recorder.resize(100, 30);

    for (let count = 0; count < 1000; count += 1) recorder.output(Buffer.from('0123456789'.repeat(10)));

    expect(recorder.transcript().length).toBeLessThan(14_000);
    expect(recorder.transcript()).toMatch(/^\[belljar: the first \d+ characters were not kept\]/);
    expect(recorder.asciicast()).toMatch(/^\{"version":2,"width":100,"height":30,/);
  });
});
