import fc from 'fast-check';
import type { Commands } from '../../src/command/commands';
import { generatedCommand, type GeneratedCommand } from './generated-command';

/** The number of compared commands, and how many of them no shell could run. */
export interface Tally {
  compared: number;
  declined: number;
}

/**
 * Generates commands until the time is over, a few at once, and runs each through a persistent shell and by exec.
 *
 * @param seed makes the same commands again
 * @param timeLimit in milliseconds
 * @throws if two outcomes differ, with the smallest such command that was found, and the seed
 */
export async function compareBothWays(
  box: Commands,
  seed: number,
  timeLimit: number,
  tally: Tally,
): Promise<void> {
  const severalAtOnce = fc.array(generatedCommand, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(severalAtOnce, async (commands) => {
      const results = await Promise.all(commands.map((command) => runBothWays(box, command)));
      for (const { command, byShell, byExec } of results) {
        tally.compared += 1;
        if (byShell.code === 'NOT_BY_SHELL') tally.declined += 1;
        else if (JSON.stringify(byShell) !== JSON.stringify(byExec))
          throw new Error(describe(command, byShell, byExec));
      }
    }),
    { seed, numRuns: 1_000_000, interruptAfterTimeLimit: timeLimit },
  );
}

async function runBothWays(box: Commands, command: GeneratedCommand) {
  const [byShell, byExec] = await Promise.all([
    outcome(box, command, 'shell'),
    outcome(box, command, 'exec'),
  ]);
  return { command, byShell, byExec };
}

type Outcome = Awaited<ReturnType<typeof outcome>>;

async function outcome(box: Commands, { file, args, options }: GeneratedCommand, via: 'exec' | 'shell') {
  const result = await box.run(file, args, { ...options, via, reject: false, encoding: 'buffer' });
  const { exitCode, signal, code } = result;
  return { exitCode, signal, code, stdout: latin1(result.stdout), stderr: latin1(result.stderr) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function describe(command: GeneratedCommand, byShell: Outcome, byExec: Outcome): string {
  const { file, args, options } = command;
  const lines = [`command ${JSON.stringify({ file, args, ...options }).slice(0, 4000)}`];
  for (const name of ['exitCode', 'signal', 'code', 'stdout', 'stderr'] as const) {
    if (byShell[name] !== byExec[name]) lines.push(`${name} ${firstDifference(byShell[name], byExec[name])}`);
  }
  return lines.join('\n');
}

function firstDifference(byShell: unknown, byExec: unknown): string {
  const [left, right] = [String(byShell), String(byExec)];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const show = (text: string): string =>
    `${JSON.stringify(text.slice(Math.max(0, at - 40), at + 120))} of ${text.length}`;
  return `differs at ${at}:\n  shell ${show(left)}\n  exec  ${show(right)}`;
}
