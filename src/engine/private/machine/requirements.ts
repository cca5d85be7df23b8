import { existsSync, readFileSync } from 'node:fs';
import { PrivateEngineError } from '../../errors';
import { findProgram } from './system';

/** The programs that a private engine needs, and the Debian package of each. */
const programs: Record<string, string> = {
  dockerd: 'docker.io',
  iptables: 'iptables',
  ip: 'iproute2',
  unshare: 'util-linux',
  mount: 'mount',
};

/** The reason why a private engine can't start on this machine, and what to do about it. */
export interface MissingRequirement {
  code: 'PRIVATE_ENGINE_NEEDS_ROOT' | 'PRIVATE_ENGINE_NEEDS_PROGRAMS';
  message: string;
  /** The Debian packages that are missing. */
  packages: string[];
}

/**
 * Checks whether a private engine can start on this machine.
 *
 * @param dockerd the daemon: a program name or a path. Default `dockerd`
 * @returns undefined if nothing is missing
 */
export function findMissing(dockerd = 'dockerd'): MissingRequirement | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return needsRoot();
  const missing = Object.keys(programs).filter(
    (name) => findProgram(name === 'dockerd' ? dockerd : name) === undefined,
  );
  if (missing.length === 0) return undefined;
  const packages = missing.map((name) => programs[name] ?? name);
  const names = missing.map((name) => (name === 'dockerd' ? dockerd : name)).join(', ');
  return {
    code: 'PRIVATE_ENGINE_NEEDS_PROGRAMS',
    message: `A private engine needs ${names}, which belljar did not find on PATH. ${adviceFor(packages)}`,
    packages,
  };
}

/** @throws PrivateEngineError `PRIVATE_ENGINE_NEEDS_ROOT`, `PRIVATE_ENGINE_NEEDS_PROGRAMS` */
export function checkRequirements(dockerd: string): void {
  const missing = findMissing(dockerd);
  if (missing !== undefined) throw new PrivateEngineError(missing.code, missing.message);
}

function needsRoot(): MissingRequirement {
  const who =
    process.platform === 'linux'
      ? `this is user ${process.getuid?.() ?? 'unknown'}`
      : `this is ${process.platform}`;
  return {
    code: 'PRIVATE_ENGINE_NEEDS_ROOT',
    message: [
      `Only root on Linux can start a private engine; ${who}.`,
      'Run as root, or start Docker or Podman. If belljar does not find its socket, name the socket with DOCKER_HOST.',
    ].join('\n'),
    packages: [],
  };
}

function adviceFor(packages: string[]): string {
  if (isDebianLike()) {
    return `Install the missing packages:
  apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  }
  return `Install Docker Engine, iptables, iproute2 and util-linux with this system's package manager (the missing packages on Debian: ${packages.join(', ')}).`;
}

/** Returns whether this system is Debian, Ubuntu or another derivative of Debian (os-release(5)). */
export function isDebianLike(): boolean {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}
