import { printable } from '../../support/printable';
import { ImageReferenceError } from '../errors';
import { splitPort, splitReference, splitRegistry } from './parts';
import { findProblem, type Problem } from './problems';

/** An image reference taken apart: `[registry[:port]/][repository/]name[:tag][@digest]`. */
export interface ImageReference {
  /** The registry's host; undefined for Docker Hub, whatever form it was written in. */
  readonly registry?: string;
  /** The registry's port, where one is given. */
  readonly port?: number;
  /** The path before the name, `alicek106` of `alicek106/ubuntu`; empty where there is none. */
  readonly repository: string;
  /** The last part of the path: `ubuntu`. */
  readonly name: string;
  /** `latest` where neither a tag nor a digest is given; undefined where only a digest is. */
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
  /** Registry, port, repository and name, without tag and digest, as Docker prints them. */
  readonly untagged: string;
  /** The form that Docker prints: `ubuntu:20.04`. `toString()` gives the same. */
  readonly familiar: string;
  /** The form with nothing left out: `docker.io/library/ubuntu:20.04`. */
  readonly canonical: string;
  toString(): string;
}

/**
 * Takes an image reference apart.
 *
 * Source: the grammar of the distribution project's `reference` package, which Docker uses, with Docker's rule for
 * telling a registry from a repository: the part before the first slash is a registry where it has a dot, a colon or
 * upper case in it, or is `localhost`.
 *
 * @param text `ubuntu:20.04`, `alicek106/ubuntu`, `localhost:5000/team/tool@sha256:…`
 * @throws ImageReferenceError for every malformed form, with a `code` of its own and what was probably meant
 */
export function parseReference(text: string): ImageReference {
  const found = findProblem(text);
  if (found !== undefined) throw malformed(text, found);
  const { registry, path, tag, digest } = splitReference(text);
  return describeReference(hubForm(registry, path), {
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  });
}

/** Whether two texts name the same image, such as `ubuntu:20.04` and `docker.io/library/ubuntu:20.04`. */
export function isSameReference(one: string, other: string): boolean {
  return parseReference(one).canonical === parseReference(other).canonical;
}

function malformed(text: unknown, { code, what, suggestion }: Problem): ImageReferenceError {
  const meant = suggestion !== undefined && findProblem(suggestion) === undefined ? suggestion : undefined;
  const shown = typeof text === 'string' ? `"${printable(shortened(text))}"` : String(text);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return new ImageReferenceError(code, `${shown} is no image reference: ${what}.${hint}`, meant);
}

function shortened(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}

/** What Docker takes a reference without a registry to be in, and where its images with a bare name are. */
const hub = 'docker.io';
const hubRepository = 'library';

/** Docker Hub's names lose what goes without saying. */
function hubForm(registry: string | undefined, path: string): { registry?: string; path: string } {
  const isOnHub = registry === undefined || registry === hub || registry === `index.${hub}`;
  if (!isOnHub) return { registry, path };
  const [first, second, ...others] = path.split('/');
  return { path: first === hubRepository && second !== undefined && others.length === 0 ? second : path };
}

function describeReference(
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
  // A path on Docker Hub that looks as if it began with a registry needs Docker Hub's own name before it.
  return splitRegistry(path).registry === undefined ? path : `${hub}/${path}`;
}

function canonicalName(registry: string | undefined, path: string): string {
  if (registry !== undefined) return `${registry}/${path}`;
  return path.includes('/') ? `${hub}/${path}` : `${hub}/${hubRepository}/${path}`;
}
