import { printable } from '../../support/printable';
import { ImageReferenceError } from '../errors';
import { splitPort, splitReference, splitRegistry } from './parts';
import { findProblem, type Problem } from './problems';

/** A parsed image reference: `[registry[:port]/][repository/]name[:tag][@digest]`. */
export interface ImageReference {
  /** The registry's host; undefined for Docker Hub, in whatever form the reference names it. */
  readonly registry?: string;
  /** The registry's port, if one is given. */
  readonly port?: number;
  /** The path before the name, `alicek106` of `alicek106/ubuntu`; may be empty. */
  readonly repository: string;
  /** The last part of the path: `ubuntu`. */
  readonly name: string;
  /** `latest` if neither a tag nor a digest is given; undefined if only a digest is given. */
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
  /** Registry, port, repository and name, without tag and digest, as Docker prints them. */
  readonly untagged: string;
  /** The form that Docker prints: `ubuntu:20.04`. `toString()` returns the same. */
  readonly familiar: string;
  /** The form with nothing left out: `docker.io/library/ubuntu:20.04`. */
  readonly canonical: string;
  toString(): string;
}

/**
 * Parses an image reference.
 *
 * Source: the grammar of the distribution project's `reference` package, which Docker uses. Docker's rule distinguishes
 * a registry from a repository: the part before the first slash is a registry if it contains a dot, a colon or upper
 * case, or is `localhost`.
 *
 * @param text `ubuntu:20.04`, `alicek106/ubuntu`, `localhost:5000/team/tool@sha256:…`
 * @throws ImageReferenceError if the reference is malformed, with a `code` for each reason and a `suggestion` if
 * possible
 */
export function parseReference(text: string): ImageReference {
  const found = findProblem(text);
  if (found !== undefined) throw malformed(text, found);
  const { registry, path, tag, digest } = splitReference(text);
  return formatReference(hubForm(registry, path), {
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  });
}

/** Returns whether two references name the same image, as `ubuntu:20.04` and `docker.io/library/ubuntu:20.04` do. */
export function isSameReference(one: string, other: string): boolean {
  return parseReference(one).canonical === parseReference(other).canonical;
}

function malformed(text: unknown, { code, what, suggestion }: Problem): ImageReferenceError {
  const meant = suggestion !== undefined && findProblem(suggestion) === undefined ? suggestion : undefined;
  const shown = typeof text === 'string' ? `"${printable(shortened(text))}"` : String(text);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new ImageReferenceError(code, `${shown} is not an image reference: ${what}.${hint}`, meant);
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}

/** Docker's default registry, and the default repository for a name without a path. */
const hub = 'docker.io';
const hubRepository = 'library';

/** Removes Docker Hub's default registry and repository from a name. */
function hubForm(registry: string | undefined, path: string): { registry?: string; path: string } {
  const isOnHub = registry === undefined || registry === hub || registry === `index.${hub}`;
  if (!isOnHub) return { registry, path };
  const [first, second, ...others] = path.split('/');
  return { path: first === hubRepository && second !== undefined && others.length === 0 ? second : path };
}

function formatReference(
  { registry, path }: { registry?: string; path: string },
  { tag, digest }: { tag: string | undefined; digest: string | undefined },
): ImageReference {
  const version = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  const untagged = familiarName(registry, path);
  const { host, port } = registry === undefined ? {} : splitPort(registry);
  const slash = path.lastIndexOf('/');
  return {
    ...(host === undefined ? {} : { registry: host }),
    ...(port === undefined ? {} : { port: Number(port) }),
    repository: path.slice(0, Math.max(slash, 0)),
    name: path.slice(slash + 1),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    untagged,
    familiar: `${untagged}${version}`,
    canonical: `${canonicalName(registry, path)}${version}`,
    toString: () => `${untagged}${version}`,
  };
}

function familiarName(registry: string | undefined, path: string): string {
  if (registry !== undefined) return `${registry}/${path}`;
  // A path on Docker Hub whose first part looks like a registry needs Docker Hub's name before it.
  return splitRegistry(path).registry === undefined ? path : `${hub}/${path}`;
}

function canonicalName(registry: string | undefined, path: string): string {
  if (registry !== undefined) return `${registry}/${path}`;
  return path.includes('/') ? `${hub}/${path}` : `${hub}/${hubRepository}/${path}`;
}
