import type Docker from 'dockerode';
import { statusOf } from '../support/errors';

/** The engine's facts about an image. */
export interface ImageFacts {
  /** The digest of the config, `sha256:…`; in a containerd store, the digest of the manifest or index. */
  readonly id: string;
  /** The digests of the uncompressed layers (diff ids), base first. */
  readonly layers: readonly string[];
  readonly config: ImageConfig;
  /** Every name with a tag that the engine has for the image: `ubuntu:20.04`. */
  readonly tags: readonly string[];
  /** The platform of the image: `linux/amd64`, `linux/arm/v7`. */
  readonly platform: string;
}

/** An image as it was: the engine's facts at that time, and the reference. */
export type KnownImage = ImageFacts & { readonly reference: string };

/** The part of an image's config that applies to its containers. */
export interface ImageConfig {
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly user: string;
  readonly workdir: string;
  readonly exposedPorts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
}

/**
 * Reads the engine's facts about an image. Returns undefined if the engine has no image of that name or id.
 *
 * Source: Docker Engine API, `GET /images/{name}/json`.
 */
export async function readFacts(docker: Docker, nameOrId: string): Promise<ImageFacts | undefined> {
  const found = await inspectIfThere(docker, nameOrId);
  if (found === undefined) return undefined;
  return {
    id: found.Id,
    layers: found.RootFS?.Layers ?? [],
    config: readConfig(found.Config ?? {}),
    tags: found.RepoTags ?? [],
    platform: [found.Os, found.Architecture, found.Variant].filter(Boolean).join('/'),
  };
}

/** The fields of the engine's answer that belljar reads. Unlike in dockerode's types, fields may be null or missing. */
interface ImageInspection {
  Id: string;
  RepoTags?: string[] | null;
  RootFS?: { Layers?: string[] | null };
  Config?: InspectedConfig | null;
  Os: string;
  Architecture: string;
  Variant?: string;
}

interface InspectedConfig {
  Env?: string[] | null;
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  User?: string;
  WorkingDir?: string;
  ExposedPorts?: object | null;
  Labels?: Record<string, string> | null;
  Volumes?: object | null;
}

async function inspectIfThere(docker: Docker, nameOrId: string): Promise<ImageInspection | undefined> {
  try {
    return (await docker.getImage(nameOrId).inspect()) as ImageInspection;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function readConfig(config: InspectedConfig): ImageConfig {
  return {
    env: Object.fromEntries((config.Env ?? []).map(splitVariable)),
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    user: config.User ?? '',
    workdir: config.WorkingDir === undefined || config.WorkingDir === '' ? '/' : config.WorkingDir,
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    labels: config.Labels ?? {},
    volumes: Object.keys(config.Volumes ?? {}),
  };
}

function splitVariable(entry: string): [string, string] {
  const equals = entry.indexOf('=');
  return equals === -1 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
