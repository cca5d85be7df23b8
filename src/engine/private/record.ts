import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Layout } from './layout';
import type { ProcessIdentity } from '../../support/process-identity';

/** How a private engine was started; kept as JSON in its directory, for those who share it or clean up after it. */
export interface EngineRecord {
  dataRoot: string;
  keepData: boolean;
  subnet: string;
  dockerd: string;
  flags: readonly string[];
  /** Missing until the daemon is ready. */
  daemon?: ProcessIdentity;
}

/** The record, or undefined where there is none. */
export function readRecord({ recordFile }: Layout): EngineRecord | undefined {
  if (!existsSync(recordFile)) return undefined;
  return JSON.parse(readFileSync(recordFile, 'utf8')) as EngineRecord;
}

export function writeRecord({ recordFile }: Layout, record: EngineRecord): void {
  // Renamed into place, so that a reader, or a crash, never meets half a record.
  writeFileSync(`${recordFile}.new`, JSON.stringify(record, null, 2));
  renameSync(`${recordFile}.new`, recordFile);
}
