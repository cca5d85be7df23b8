import { connectEngine } from '../engine/connect/connection';
import { EngineError } from '../engine/errors';
import { labelsOf } from './labels';
import { privateEngineAt } from '../engine/private/orphans';
import { registerWithReaper } from './reaper/register';
import { currentRun, isOwnedHere, ownerState } from './run';

/**
 * Registers this process's run with the reaper. To be called before anything is made in the engine: the reaper then
 * removes it, even if this process is killed.
 *
 * @returns the labels that each resource must have
 * @throws EngineError if there is no engine; `RUN_OVER` if this process has outlived the owner of its run, as a Jest
 * worker does if Jest is killed: the reaper has removed everything already
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
      `The run that this process belongs to is over: process ${run.pid}, which owns the run, has ended. belljar starts ` +
        'nothing more for it.',
    );
  }
  return labelsOf(run);
}
