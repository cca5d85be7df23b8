import type { Output } from './command';

/** Returns the output of this process. */
export function processOutput(): Output {
  const { stdout } = process;
  return {
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    colors: mayColor(stdout.isTTY, process.env),
    ...(stdout.isTTY ? { columns: stdout.columns } : {}),
  };
}

/** Returns whether output may be colored: on a terminal that has colors, unless NO_COLOR is set (no-color.org). */
export function mayColor(isTerminal: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  return isTerminal === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
