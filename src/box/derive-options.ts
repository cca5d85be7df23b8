import { containerChecks, type ContainerOptions } from '../container/options';
import type { OptionChecks } from '../support/options/check-options';
import { anything, numberOf } from '../support/options/option-checks';

/** How an image is derived. */
export interface DeriveOptions extends Pick<
  ContainerOptions,
  'network' | 'memory' | 'cpus' | 'pids' | 'startupTimeout'
> {
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
const { network, memory, cpus, pids, startupTimeout } = containerChecks;

export const deriveChecks = {
  network,
  memory,
  cpus,
  pids,
  startupTimeout,
  key: anything,
  timeout: numberOf('milliseconds'),
} satisfies OptionChecks<DeriveOptions>;
