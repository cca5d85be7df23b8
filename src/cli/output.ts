import type { Output } from './command';

/** The output of this process. */
export function processOutput(): Output {
  const { stdout } = process;
  return {
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    colors: mayColor(stdout.isTTY, process.env),
    ...(stdout.isTTY ? { columns: stdout.columns } : {}),
  };
}

/** Colors are for terminals that have them, and for people who haven't said no (no-color.org). */
export function mayColor(isTerminal: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  return isTerminal === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
