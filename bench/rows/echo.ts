import type { Bench } from '../bench';
import { withContainers } from '../containers';
import { engineTerminal } from '../engine-terminal';
import { clocked, interleave } from '../measure';
import type { Measurement } from '../row';

/**
 * (k) A key is pressed in bash on a terminal, until its echo is seen: on belljar's screen, in the engine's raw output.
 */
export function echo(bench: Bench): Promise<Measurement[]> {
  return withContainers(bench, async ({ box, engine }) => {
    await using terminal = await box.terminal({ command: ['bash', '--norc'] });
    await using raw = await engineTerminal(engine, ['bash', '--norc']);
    await terminal.waitForPrompt();
    let typed = '';
    const onScreen = async (): Promise<void> => {
      typed += letterAfter(typed);
      await terminal.type(typed.slice(-1));
      await terminal.waitFor(`# ${typed}`);
    };
    const samples = await interleave(
      { belljar: clocked(onScreen), engine: clocked(() => raw.echo('x')) },
      { rounds: bench.times(50, 5), warmUp: 3, signal: bench.signal },
    );
    return [
      {
        name: "a keystroke's echo",
        unit: 'ms',
        samples,
        comparison: { of: 'belljar', atMost: 10 },
        note: 'bash with readline; belljar waits for the key to be on its screen, the engine alone for any byte of output.',
      },
    ];
  });
}

/** Never the same key twice in a row, so that no screen shows the text too early. A line has room for all keys. */
function letterAfter(typed: string): string {
  return String.fromCharCode('a'.charCodeAt(0) + (typed.length % 26));
}
