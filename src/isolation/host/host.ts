import { $ } from 'execa';
import { brand, isOfKind } from '../../support/brand';
import { compareFingerprints } from './compare';
import { fingerprintHost } from './fingerprint';
import { takeSnapshot, unwatchHost, watchHost } from './snapshot';

/** The machine that the specs run on. */
export const host = brand(
  {
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
  },
  'host',
);

export type Host = typeof host;

/** Returns whether something is `host`. */
export function isHost(value: unknown): value is Host {
  return isOfKind(value, 'host');
}
