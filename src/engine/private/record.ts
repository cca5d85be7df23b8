import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Layout } from './layout';
import type { ProcessIdentity } from '../../support/process-identity';

/** How a private engine was started. A JSON file in its directory, for processes that share the engine or remove it. */
export interface EngineRecord {
  dataRoot: string;
  keepData: boolean;
  subnet: string;
  dockerd: string;
  flags: readonly string[];
  /** Missing until the daemon is ready. */
  daemon?: ProcessIdentity;
}

/** Returns the record, or undefined if there is none. */
export function readRecord({ recordFile }: Layout): EngineRecord | undefined {
  if (!existsSync(recordFile)) return undefined;
  return JSON.parse(readFileSync(recordFile, 'utf8')) as EngineRecord;
}

export function writeRecord({ recordFile }: Layout, record: EngineRecord): void {
  // Renamed into place, so that a reader never sees half a record, even after a crash.
  writeFileSync(`${recordFile}.new`, JSON.stringify(record, null, 2));
  renameSync(`${recordFile}.new`, recordFile);
}
