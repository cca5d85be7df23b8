import { checkOptions, type OptionChecks } from '../../support/options/check-options';
import { wholeNumberOf } from '../../support/options/option-checks';
import type { WaitOptions } from '../../support/options/wait-options';
import { checkArgv, processChecks, type CommandOptions } from '../options';

/** Options of a long-running process. */
export interface SpawnOptions extends Pick<CommandOptions, 'cwd' | 'env' | 'user'> {
  /** How much of its output is kept, in bytes; the oldest is dropped first. Default 1,000,000. */
  outputLimit?: number;
}

/** How long to wait for output. */
export type OutputWaitOptions = WaitOptions;

const checks = {
  ...processChecks,
  outputLimit: wholeNumberOf('bytes'),
} satisfies OptionChecks<SpawnOptions>;

/**
 * Checks a process and its options.
 *
 * @throws InvalidOptionError
 */
export function checkSpawn(argv: readonly string[], options: SpawnOptions): void {
  checkArgv(argv);
  checkOptions(options, checks);
}
