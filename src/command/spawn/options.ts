import { checkOptions, type OptionChecks } from '../../support/check-options';
import { wholeNumberOf } from '../../support/option-checks';
import type { WaitOptions } from '../../support/wait-options';
import { checkArgv, processChecks, type CommandOptions } from '../options';

/** How a process that goes on is started. */
export interface SpawnOptions extends Pick<CommandOptions, 'cwd' | 'env' | 'user'> {
  /** How much of what it prints is kept, in bytes; the oldest goes first. Default 1,000,000. */
  outputLimit?: number;
}

/** How long to wait for output. */
export type OutputWaitOptions = WaitOptions;

const checks = {
  ...processChecks,
  outputLimit: wholeNumberOf('bytes'),
} satisfies OptionChecks<SpawnOptions>;

/**
 * Throws at the first thing that no container could run.
 *
 * @throws InvalidOptionError
 */
export function checkSpawn(argv: readonly string[], options: SpawnOptions): void {
  checkArgv(argv);
  checkOptions(options, checks);
}
