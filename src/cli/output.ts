import type { Output } from './command';

/** The output of this process. */
export function processOutput(): Output {
  const { stdout } = process;
  return {
    print: (text) => console.log(text),
    printError: (text) => console.error(text),
    colours: mayColour(stdout.isTTY, process.env),
    ...(stdout.isTTY ? { columns: stdout.columns } : {}),
  };
}

/** Colours are for terminals that have them, and for people who haven't said no (no-color.org). */
export function mayColour(isTerminal: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  return isTerminal === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
