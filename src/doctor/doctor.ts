import type { EngineConnection } from '../engine/connect/probe';
import { connectEngine } from '../engine/connect/connection';
import { messageOf } from '../support/errors';
import { checkClient } from './check-client';
import { checkDisk } from './check-disk';
import {
  checkApiVersion,
  checkCgroups,
  checkEngineVersion,
  checkStorageDriver,
  checkWarnings,
} from './check-engine';
import { checkImage } from './check-image';
import { checkLeftovers } from './check-leftovers';
import { fine, problem, warning, type DoctorLine, type DoctorReport } from './report';

/**
 * Looks at everything that a run needs: the engine, its version, storage and cgroups, the client, the default image,
 * free disk space, and what dead runs have left. Changes nothing. Each line that isn't fine says what to do about it.
 *
 * A sick machine is reported, not thrown: this rejects for nothing.
 */
export async function doctor(): Promise<DoctorReport> {
  const engine = await checkEngine();
  const checks = engine.status === 'ok' ? [...engineChecks, ...machineChecks] : machineChecks;
  const lines = [engine, ...(await Promise.all(checks.map(attempt))).flat()];
  return { ok: lines.every(({ status }) => status !== 'problem'), lines };
}

interface Check {
  name: string;
  look: () => Promise<DoctorLine | DoctorLine[]>;
}

/** What only an engine that answers can tell. */
const engineChecks: Check[] = [
  { name: 'engine version', look: checkEngineVersion },
  { name: 'engine API', look: checkApiVersion },
  { name: 'storage driver', look: checkStorageDriver },
  { name: 'cgroups', look: checkCgroups },
  { name: 'engine warnings', look: checkWarnings },
  { name: 'default image', look: checkImage },
  { name: 'disk space', look: checkDisk },
  { name: 'leftovers', look: checkLeftovers },
];

const machineChecks: Check[] = [{ name: 'docker client', look: checkClient }];

async function checkEngine(): Promise<DoctorLine> {
  try {
    return fine('engine', describe(await connectEngine()));
  } catch (error) {
    const [found = '', ...advice] = messageOf(error).split('\n');
    return problem('engine', found, advice.join('\n').replace(/^\n+/, ''));
  }
}

function describe({ endpoint }: EngineConnection): string {
  return `${endpoint.host} (${endpoint.source})`;
}

/** A check that fails itself says so in its own line. */
async function attempt({ name, look }: Check): Promise<DoctorLine | DoctorLine[]> {
  try {
    return await look();
  } catch (error) {
    return warning(name, `could not be checked: ${messageOf(error)}`, 'Look at the log of the engine.');
  }
}
