import { containerChecks, type ContainerOptions } from '../container/options';
import type { OptionChecks } from '../support/options/check-options';
import { anything, numberOf } from '../support/options/option-checks';

/** How an image is derived. */
export interface DeriveOptions extends Pick<
  ContainerOptions,
  'network' | 'memory' | 'cpus' | 'pids' | 'startupTimeout'
> {
  /**
   * The values that the set-up uses from outside of its function, such as a version, or the content of a file that the
   * set-up reads by itself. What `box.files.copyIn` copies need not be in the key. Any value that JSON can hold;
   * another key makes another image. Default: none.
   */
  key?: unknown;
  /**
   * How long to wait for another process that is making the same image, in milliseconds. Default 600,000. It does not
   * limit the set-up itself.
   */
  timeout?: number;
}

/** The start options that do not become part of the image's config. */
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
