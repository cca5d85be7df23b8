/** Where the specs are run from: on a machine of the kind that many users have. */
export interface Mode {
  /** What the mode imitates, for the line that is printed before the run. */
  about: string;
  /**
   * Readies the mode: an engine, an image, and a way to run commands.
   *
   * @param say prints each step before it is done
   */
  start(say: (step: string) => void): Promise<StartedMode>;
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

/** Makes a mode of what `ready` does, and undoes all steps that were taken if one of them fails. */
export async function startMode(
  ready: (steps: Steps) => Promise<Omit<StartedMode, keyof AsyncDisposable>>,
): Promise<StartedMode> {
  const undos: (() => Promise<void>)[] = [];
  const undoAll = async (): Promise<void> => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo();
  };
  try {
    const started = await ready({ finally: (undo) => void undos.push(undo) });
    return { ...started, [Symbol.asyncDispose]: undoAll };
  } catch (error) {
    await undoAll();
    throw error;
  }
}

/** The steps that have been taken to ready a mode. */
export interface Steps {
  /** Notes how a step is undone. The last step is undone first. */
  finally(undo: () => Promise<void>): void;
}
