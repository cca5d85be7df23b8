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
import { checkOrphans } from './check-orphans';
import { checkView } from './check-view';
import { fine, problem, warning, type DoctorLine, type DoctorReport } from './report';

/**
 * Checks everything that a run needs: the engine, its version, storage and cgroups, what belljar sees of containers,
 * the client, the default image and free disk space. Looks for orphans of killed runs, too. Changes nothing.
 *
 * @returns a report, also of a machine without an engine; a line that is not fine says what to do. Never rejects
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

/** The checks that need an engine that answers. */
const engineChecks: Check[] = [
  { name: 'engine version', look: checkEngineVersion },
  { name: 'engine API', look: checkApiVersion },
  { name: 'storage driver', look: checkStorageDriver },
  { name: 'cgroups', look: checkCgroups },
  { name: 'view of containers', look: checkView },
  { name: 'engine warnings', look: checkWarnings },
  { name: 'default image', look: checkImage },
  { name: 'disk space', look: checkDisk },
  { name: 'orphans', look: checkOrphans },
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

/** Runs a check. If the check itself fails, its line says so. */
async function attempt({ name, look }: Check): Promise<DoctorLine | DoctorLine[]> {
  try {
    return await look();
  } catch (error) {
    return warning(name, `could not be checked: ${messageOf(error)}`, 'Look at the log of the engine.');
  }
}
