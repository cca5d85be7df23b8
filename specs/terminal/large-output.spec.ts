import { useContainer } from '../../src';

/** Bytes of heap and buffers that this process uses now. */
function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('A terminal whose program prints very much', () => {
  const box = useContainer({ scope: 'file' });

  it('shows the last screen of 10 MB, in 64 MB more memory than before at most', async () => {
    const lines = 'yes "ü日 the quick brown fox" | head -c 10000000; printf "\\nthe end\\n"';
    const before = memory();
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, memory())), 5);

    await using terminal = await box.terminal({ command: ['sh', '-c', lines], scrollback: 100 });
    const exitCode = await terminal.exit;
    clearInterval(watch);

    expect(exitCode).toBe(0);
    expect(terminal.screen().lines[20]).toBe('ü日 the quick brown fox');
    expect(terminal.screen().lines.slice(22)).toEqual(['the end', '']);
    expect(terminal.scrollback()).toHaveLength(100);
    expect(terminal.transcript().length).toBeLessThanOrEqual(5_000_000);
    expect(peak - before).toBeLessThan(64_000_000);
  });

  it('is still the master of a program that never stops printing', async () => {
    await using terminal = await box.terminal({ command: ['yes', 'again and again'] });
    await terminal.waitFor('again and again');

    await terminal.press('Ctrl+C');

    expect(await terminal.exit).toBe(130);
  });
});

describe('A terminal that is left open', () => {
  const box = useContainer({ scope: 'file' });

  it('does not keep Node.js alive', async () => {
    const open = (): number => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
    const before = open();

    await using terminal = await box.terminal({ command: ['cat'] });
    await terminal.type('hello\n');
    await terminal.waitFor('hello\nhello');

    expect(open()).toBeLessThanOrEqual(before);
  });
});
