import { formatBytes } from '../../support/size';
import type { PullProgress } from './progress';

/** A stream for the progress, such as `process.stderr`. */
export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean;
  /** The width of the terminal, in characters. */
  columns?: number;
}

/**
 * `bar` rewrites one line, `lines` prints a few lines, `silent` prints nothing; `auto` is `bar` on a terminal, else
 * `lines`.
 */
export type ProgressStyle = 'auto' | 'bar' | 'lines' | 'silent';

export interface ProgressPrinter {
  update(progress: PullProgress): void;
  /** Ends the output with a line end. */
  end(): void;
}

/**
 * Creates a printer for the progress of a pull.
 *
 * @param style how to print. Default `auto`
 * @param output the stream to print to. Default `process.stderr`
 * @param env the environment: `NO_COLOR`, `TERM=dumb` and `CI` are obeyed. Default `process.env`
 */
export function progressPrinter(
  style: ProgressStyle = 'auto',
  output: ProgressOutput = process.stderr,
  env: NodeJS.ProcessEnv = process.env,
): ProgressPrinter {
  const canRewrite = output.isTTY === true && env.TERM !== 'dumb' && !env.CI;
  const chosen = style === 'auto' ? (canRewrite ? 'bar' : 'lines') : style;
  if (chosen === 'silent') return { update: () => undefined, end: () => undefined };
  return chosen === 'bar' ? barPrinter(output, !env.NO_COLOR) : linePrinter(output);
}

/** The shortest time between two drawings of the bar, in milliseconds. */
const drawInterval = 80;

function barPrinter(output: ProgressOutput, hasColor: boolean): ProgressPrinter {
  let drawnAt = -Infinity;
  let isDrawn = false;
  return {
    update: (progress) => {
      if (progress.state === 'pulling' && progress.elapsedMs - drawnAt < drawInterval) return;
      drawnAt = progress.elapsedMs;
      isDrawn = true;
      output.write(`\r\u001b[2K${drawBar(progress, output.columns ?? 80, hasColor)}`);
    },
    end: () => {
      if (isDrawn) output.write('\n');
    },
  };
}

const maxBarWidth = 30;
const minBarWidth = 5;

/**
 * Returns a line that is shorter than the terminal is wide, so that it never wraps. Facts that do not fit are left out:
 * the time first, then the layers, the bar and the bytes.
 */
export function drawBar(progress: PullProgress, columns: number, hasColor: boolean): string {
  const room = Math.max(columns - 1, 1);
  const { reference, layers, bytes, elapsedMs, waiting } = progress;
  const facts = [
    `${formatBytes(bytes.done)} / ${formatBytes(bytes.total)}`,
    `${layers.done}/${layers.total} layers`,
    waiting ?? `${Math.round(elapsedMs / 1000)} s`,
  ];
  for (let count = facts.length; count > 0; count--) {
    const text = facts.slice(0, count).join('  ');
    const left = room - reference.length - text.length - '  []  '.length;
    if (left >= minBarWidth)
      return `${reference}  [${bar(progress, Math.min(left, maxBarWidth), hasColor)}]  ${text}`;
  }
  const short = `${reference}  ${percent(progress)} %`;
  return short.length <= room ? short : `${percent(progress)} %`.slice(0, room);
}

function bar(progress: PullProgress, width: number, hasColor: boolean): string {
  const full = '='.repeat(Math.floor((width * percent(progress)) / 100));
  const rest = ' '.repeat(width - full.length);
  return hasColor ? `\u001b[32m${full}\u001b[39m${rest}` : `${full}${rest}`;
}

function percent({ state, bytes }: PullProgress): number {
  if (state === 'done') return 100;
  return bytes.total === 0 ? 0 : Math.min(Math.floor((100 * bytes.done) / bytes.total), 99);
}

/**
 * The longest time between two lines, in milliseconds. Lines are also printed at the start, the end and each quarter.
 */
const lineInterval = 10_000;

function linePrinter(output: ProgressOutput): ProgressPrinter {
  let printedAt = 0;
  let quarter = 0;
  const print = (text: string): void => {
    output.write(`belljar: ${text}\n`);
  };
  return {
    update: (progress) => {
      const { reference, state, layers, bytes, elapsedMs, waiting } = progress;
      const reached = Math.floor(percent(progress) / 25);
      const size = formatBytes(bytes.done);
      if (state === 'started') print(`pulling ${reference}`);
      if (state === 'done') print(`pulled ${reference}: ${size} in ${(elapsedMs / 1000).toFixed(1)} s`);
      if (state !== 'pulling' || (reached <= quarter && elapsedMs - printedAt < lineInterval)) return;
      quarter = Math.max(quarter, reached);
      printedAt = elapsedMs;
      const done = `${percent(progress)} %, ${size} of ${formatBytes(bytes.total)}, ${layers.done}/${layers.total} layers`;
      print(`pulling ${reference}: ${done}${waiting === undefined ? '' : `. ${waiting}`}`);
    },
    end: () => undefined,
  };
}
