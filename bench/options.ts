import { parseArgs } from 'node:util';
import { letters, type Letter } from './sections';

export interface BenchOptions {
  /** One JSON object a row on standard output instead of a table. */
  json: boolean;
  /** Few repetitions, to see if everything works, not how fast. */
  quick: boolean;
  only: readonly Letter[];
  /** The file for the results; undefined if not everything is measured, so that nothing is written. */
  results: string | undefined;
}

export const usage = `Usage: npm run bench -- [--json] [--quick] [--only ${letters.join(',')}] [--results FILE]

  --json     one JSON object a row on standard output
  --quick    few repetitions: shows that it works, not how fast
  --only     the rows of these letters alone
  --results  where to write the results. Default bench/RESULTS.md, and nowhere with --quick or --only`;

/** @throws Error for an unknown option or letter */
export function parseOptions(argv: readonly string[], defaultResults: string): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      results: { type: 'string' },
    },
  });
  const isWhole = !values.quick && values.only === undefined;
  return {
    json: values.json,
    quick: values.quick,
    only: values.only === undefined ? letters : values.only.split(',').map(checkedLetter),
    results: values.results ?? (isWhole ? defaultResults : undefined),
  };
}

function checkedLetter(text: string): Letter {
  const letter = letters.find((known) => known === text.trim());
  if (letter === undefined) throw new Error(`There is no row "${text}"; there are ${letters.join(', ')}.`);
  return letter;
}
