import { runCli } from '../../src/cli/cli';

/** Runs the program belljar in this process. */
export async function typed(
  ...words: string[]
): Promise<{ code: number; printed: string; complained: string }> {
  let [printed, complained] = ['', ''];
  const code = await runCli(words, {
    print: (text) => (printed += text),
    printError: (text) => (complained += text),
    colors: false,
  });
  return { code, printed, complained };
}
