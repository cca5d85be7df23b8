import { connectEngine } from '../engine/connect/connection';
import { EngineError } from '../engine/errors';
import { labelsOf } from './labels';
import { privateEngineAt } from '../engine/private/abandoned';
import { registerWithReaper } from './reaper/register';
import { currentRun, isOwnedHere, ownerState } from './run';

/**
 * To be called before anything is made in the engine: sees to it that somebody will remove it, whatever happens to this
 * process.
 *
 * @returns the labels that it must have
 * @throws EngineError where there is no engine; `RUN_OVER` where this process has outlived the one that owns its run,
 * as a Jest worker does whose Jest was killed: the reaper has been there
 */
export async function takeOwnership(): Promise<Record<string, string>> {
  const { endpoint } = await connectEngine();
  const run = currentRun();
  if (isOwnedHere(run)) {
    const privateEngine = privateEngineAt(endpoint.host);
    registerWithReaper({ run, endpoint, ...(privateEngine && { privateEngine }) });
  } else if (ownerState(run) === 'dead') {
    throw new EngineError(
      'RUN_OVER',
      `The run that this process belongs to is over: its process ${run.pid} has ended. Nothing more is started for it.`,
    );
  }
  return labelsOf(run);
}
