import type { ContainerOptions } from '../container/options';
import { InvalidOptionError } from '../support/errors';

/** How an image is derived. */
export interface DeriveOptions extends Pick<ContainerOptions, (typeof startOptionNames)[number]> {
  /**
   * What the set-up uses from outside of itself - a version, the content of a file -, as anything that JSON can hold:
   * another key makes another image. Default: nothing.
   */
  key?: unknown;
  /**
   * How long to wait for another process that is making the same image, in milliseconds. Default 600,000. The set-up
   * itself takes as long as it takes.
   */
  timeout?: number;
}

/** Nothing that would become a part of the image's config. */
const startOptionNames = ['network', 'memory', 'cpus', 'pids', 'startupTimeout'] as const;

const optionNames: readonly string[] = [...startOptionNames, 'key', 'timeout'];

/**
 * Throws at the first option that can't be used.
 *
 * @throws InvalidOptionError
 */
export function checkDeriveOptions(options: DeriveOptions): void {
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw new InvalidOptionError(unknown, `is not an option; there are ${optionNames.join(', ')}`, unknown);
  }
  const { timeout } = options;
  if (timeout !== undefined && !(timeout >= 0)) {
    throw new InvalidOptionError('timeout', 'must be a number of milliseconds, 0 or more', timeout);
  }
}
