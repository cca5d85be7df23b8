import type { Machine } from '../machine/set-up';

/** Where the specs are run from: on a machine of the kind that many users have. */
export interface Mode {
  /** What the mode imitates, for the line that is printed before the run. */
  about: string;
  /**
   * Readies the mode on a machine that has an engine and an image.
   *
   * @param say prints each step before it is done
   */
  start(machine: Machine, say: (step: string) => void): Promise<StartedMode>;
}

/** A mode that is ready. Disposing of it leaves the machine as it was. */
export interface StartedMode extends AsyncDisposable {
  /** The command that runs another command in this mode, put before that one. */
  prefix: readonly string[];
  /** The working directory of the command. */
  cwd: string;
  /** Added to the environment of the command. */
  env: Record<string, string>;
}

/** The variable that tells specs which mode they run in. */
export const modeVariable = 'BELLJAR_SPEC_MODE';
