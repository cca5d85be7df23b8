import { currentRun } from '../engine/run';
import { connectEngine } from '../engine/connection';
import { info } from '../engine/info';
import type { Image } from '../image/image';
import { resolveImage } from '../image/resolve';
import { printLine } from './print-line';
import { withoutStack } from './without-stack';

/**
 * Jest's `globalSetup`, once before all tests: begins the run that every worker joins, finds the engine, makes the
 * default image present so that the workers don't each fetch it, and says which engine and image these are.
 *
 * @param config what Jest gives: `maxWorkers` share the machine
 * @throws EngineError where there is no engine, ImageError where the image can't be had: no test runs then
 */
export default async function globalSetup(config: { maxWorkers?: number } = {}): Promise<void> {
  currentRun();
  process.env.BELLJAR_WORKERS = String(config.maxWorkers ?? 1);
  try {
    printLine(`belljar: ${await describeEngine()}, image ${describeImage(await resolveImage())}`);
  } catch (error) {
    throw withoutStack(error);
  }
}

async function describeEngine(): Promise<string> {
  const { endpoint } = await connectEngine();
  const { isPodman, version } = await info();
  return `${isPodman ? 'Podman' : 'Docker'} ${version} at ${endpoint.host}`;
}

/** Never lets a stand-in pass for what it is not. */
function describeImage({ reference, standsInFor }: Image): string {
  return standsInFor === undefined ? reference : `${reference} (stands in for ${standsInFor})`;
}
