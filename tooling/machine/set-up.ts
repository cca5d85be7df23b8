import { connectEngine } from '../../src/engine/connect/connection';
import { EngineError } from '../../src/engine/errors';
import { findMissing, isDebianLike } from '../../src/engine/private/machine/requirements';
import { startPrivateEngine } from '../../src/engine/private/private-engine';
import { findProgram } from '../../src/engine/private/machine/system';
import { ImageError } from '../../src/image/errors';
import { planImage, resolveImage } from '../../src/image/sources/resolve';
import { BelljarError } from '../../src/support/errors';
import { ensureStandIn, hasStandIn } from '../base-image/stand-in';
import { install } from './install';

/** A machine that can run this project's specs. */
export interface Machine {
  /** True if the engine was started for this, and ends with it. */
  ownsEngine: boolean;
  /** Leaves the machine as it was: an engine that was started for this ends, one that was there stays. */
  tearDown(): Promise<void>;
}

/**
 * Readies this machine for the specs and the example: an engine, and an image to start containers from. An engine and
 * an image that exist are used as they are. If they are missing, Debian's `docker.io`, a private engine of belljar and
 * the stand-in base image are set up. Each step is printed before it is done.
 *
 * @throws BelljarError `SET_UP_IMPOSSIBLE`, saying what is missing and how to get it; every error of a step
 */
export async function setUp(): Promise<Machine> {
  const machine = await setUpEngine();
  try {
    await setUpImage();
    return machine;
  } catch (error) {
    await machine.tearDown();
    throw error;
  }
}

const machineWithEngine: Machine = { ownsEngine: false, tearDown: () => Promise.resolve() };

async function setUpEngine(): Promise<Machine> {
  if (await hasEngine()) return machineWithEngine;
  await installPrograms();
  // Installing Debian's docker.io starts it where services are started; that engine is the machine's own then.
  if (await hasEngine()) return machineWithEngine;
  say('starting a Docker engine of its own, which ends with this run');
  const engine = await startPrivateEngine();
  return { ownsEngine: true, tearDown: () => engine.stop() };
}

async function hasEngine(): Promise<boolean> {
  try {
    await connectEngine();
    return true;
  } catch (error) {
    // If a setting names a broken engine, the user must mend it, so it is not passed over.
    if (error instanceof EngineError && error.code === 'ENGINE_NOT_FOUND') return false;
    throw error;
  }
}

async function installPrograms(): Promise<void> {
  const missing = findMissing();
  if (missing === undefined) return;
  if (missing.packages.length === 0 || !isDebianLike()) {
    throw new BelljarError('SET_UP_IMPOSSIBLE', `There is no Docker engine here.\n${missing.message}`);
  }
  await install(missing.packages, say);
}

/** Local images come first, so that only the first run on a machine asks a registry or builds anything. */
async function setUpImage(): Promise<void> {
  const { source } = await planImage();
  if (source !== 'pull') return;
  if (!(await hasStandIn())) {
    if (await canPull()) return;
    if (findProgram('mmdebstrap') === undefined) await installBuilder();
  }
  process.env.BELLJAR_STAND_IN = await ensureStandIn({ print: say });
}

/** Not announced, because the pull prints its own start. */
async function canPull(): Promise<boolean> {
  try {
    await resolveImage();
    return true;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    say(
      'ubuntu:20.04 can not be had from a registry here; a stand-in made of Debian packages takes its place',
    );
    return false;
  }
}

async function installBuilder(): Promise<void> {
  if (process.getuid?.() !== 0 || !isDebianLike()) {
    throw new BelljarError(
      'SET_UP_IMPOSSIBLE',
      'The image ubuntu:20.04 can not be pulled, and only root on Debian can build the stand-in for it. Load the image ' +
        'from an archive: BELLJAR_IMAGE_ARCHIVE=ubuntu-20.04.tar.',
    );
  }
  await install(['mmdebstrap'], say);
}

function say(line: string): void {
  process.stderr.write(`${line.startsWith('belljar: ') ? line : `belljar: ${line}`}\n`);
}
