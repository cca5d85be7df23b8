import { $ } from 'execa';
import { compareFingerprints } from './compare';
import { fingerprintHost } from './fingerprint';
import { takeSnapshot, unwatchHost, watchHost } from './snapshot';

/** The machine that the specs run on. */
export const host = {
  /** Runs commands on the host: execa's own `$`. */
  $,
  files: {
    fingerprint: fingerprintHost,
    /** What differs between two fingerprints of the same paths. */
    compare: compareFingerprints,
  },
  snapshot: takeSnapshot,
  watch: watchHost,
  unwatch: unwatchHost,
};

export type Host = typeof host;
