import { runningCalls, type RunningCall } from '../pool/calls';
import type { RunningTest } from '../pool/test-observer';
import { elapsedTime } from '../support/time';

/** How many calls a failure names: a test may have started very many. */
const shown = 3;

/**
 * Describes the calls that a test waits for at this moment, when its time is over.
 *
 * @returns some lines for each call: for how long it has been running, from which line of the test, and what its
 * command has printed last
 */
export function describeRunningCalls(test: RunningTest | undefined): string[] {
  const calls = runningCalls(test);
  const rest = calls.length - shown;
  return [...calls.slice(0, shown).map(describe), ...(rest > 0 ? [`… and ${rest} more calls`] : [])];
}

function describe({ text, output, site, startedAt }: RunningCall): string {
  const seconds = ((elapsedTime() - startedAt) / 1000).toFixed(1);
  const place = site.place();
  const lines = [
    `when the time was over, this call had been running for ${seconds} s${place === undefined ? '' : ` (${place})`}:`,
    text(),
    ...output()
      .split('\n')
      .filter((line) => line !== ''),
  ];
  return lines.join('\n  ');
}
