import { must } from '../support/options/option-checks';

/** Other names of architectures, and the engine's name for each. */
const architectures = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
]);

/**
 * Returns whether an image's platform is the requested one. Variants are compared only if both platforms have one.
 *
 * @param found `linux/arm64/v8`
 * @param wanted `linux/arm64`
 */
export function isPlatform(found: string, wanted: string): boolean {
  const [one, other] = [normalize(found), normalize(wanted)];
  return one.every(
    (part, index) => part === other[index] || (index === 2 && (part === '' || other[2] === '')),
  );
}

/** Accepts `os/architecture` and `os/architecture/variant`. */
export const platformName = must(
  'must be an operating system and an architecture, such as linux/arm64',
  (value) => typeof value === 'string' && /^[a-z0-9]+\/[a-z0-9_-]+(\/[a-z0-9.]+)?$/.test(value),
);

function normalize(platform: string): [string, string, string] {
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  return [os, architectures.get(architecture) ?? architecture, variant];
}
