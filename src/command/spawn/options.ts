import { InvalidOptionError } from '../../support/errors';
import { checkCommand, type CommandOptions } from '../options';

/** How a process that goes on is started. */
export interface SpawnOptions extends Pick<CommandOptions, 'cwd' | 'env' | 'user'> {
  /** How much of what it prints is kept, in bytes; the oldest goes first. Default 1,000,000. */
  outputLimit?: number;
}

/** How long to wait for output. */
export interface OutputWaitOptions {
  /** How long to wait at most, in milliseconds. Default 4000: less than Jest gives a test. */
  timeout?: number;
}

/**
 * Throws at the first thing that no container could run.
 *
 * @throws InvalidOptionError
 */
export function checkSpawn(argv: readonly string[], options: SpawnOptions): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new InvalidOptionError(name, `is not an option; there are ${known.join(', ')}`, name);
    }
  }
  const { outputLimit, ...rest } = options;
  checkCommand(argv, rest);
  if (outputLimit !== undefined && !(Number.isInteger(outputLimit) && outputLimit >= 0)) {
    throw new InvalidOptionError('outputLimit', 'must be a number of bytes, 0 or more', outputLimit);
  }
}

const known = ['cwd', 'env', 'user', 'outputLimit'];
