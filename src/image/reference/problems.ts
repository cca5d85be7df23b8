import { inspect } from 'node:util';
import type { ImageReferenceErrorCode } from '../errors';
import { splitPort, splitReference, type ReferenceParts } from './parts';

/** The reason why a string is not an image reference. */
export interface Problem {
  code: ImageReferenceErrorCode;
  /** The problem, as it reads after a colon. */
  what: string;
  /** The reference that was probably meant; it may have other problems. */
  suggestion?: string;
}

/** Returns the first problem of a string as an image reference, or undefined if the string is a reference. */
export function findProblem(text: string): Problem | undefined {
  const whole = textProblem(text) ?? separatorProblem(text) ?? idProblem(text);
  if (whole !== undefined) return whole;
  const parts = splitReference(text);
  return (
    registryProblem(text, parts) ??
    nameProblem(text, parts) ??
    tagProblem(text, parts) ??
    digestProblem(parts)
  );
}

function textProblem(text: unknown): Problem | undefined {
  if (typeof text !== 'string') {
    return { code: 'REFERENCE_NOT_TEXT', what: `it is not a string but ${inspect(text, { depth: 0 })}` };
  }
  if (text === '')
    return { code: 'REFERENCE_EMPTY', what: 'it is empty; write a name such as "ubuntu:20.04"' };
  if (/\s/.test(text)) {
    const where = text.trim() === text ? 'inside it' : 'at its beginning or end';
    return {
      code: 'REFERENCE_WHITESPACE',
      what: `there is white space ${where}`,
      suggestion: text.replace(/\s/g, ''),
    };
  }
  const scheme = /^([a-zA-Z][a-zA-Z0-9+-]*):\/\/+/.exec(text)?.[0];
  if (scheme !== undefined) {
    return {
      code: 'REFERENCE_SCHEME',
      what: `it is not an address, so "${scheme}" does not belong to it`,
      suggestion: text.slice(scheme.length),
    };
  }
  if (text.includes('\\')) {
    return {
      code: 'REFERENCE_BACKSLASH',
      what: 'its parts are separated by "/"',
      suggestion: text.replaceAll('\\', '/'),
    };
  }
  return undefined;
}

function separatorProblem(text: string): Problem | undefined {
  const named = text.split('@')[0] ?? '';
  if (named === '' || named.startsWith(':')) {
    return {
      code: 'NAME_MISSING',
      what: 'there is no name before the tag or digest',
      suggestion: text.replace(/^:+/, ''),
    };
  }
  if (named.startsWith('/')) {
    return { code: 'SLASH_LEADING', what: 'it starts with a slash', suggestion: text.replace(/^\/+/, '') };
  }
  if (named.includes('//')) {
    return {
      code: 'SLASH_DOUBLE',
      what: 'a part between two slashes is empty',
      suggestion: text.replace(/\/{2,}/g, '/'),
    };
  }
  if (text.includes('::') && !text.includes('[')) {
    return {
      code: 'COLON_DOUBLE',
      what: 'there are two colons in a row',
      suggestion: text.replace(/:{2,}/g, ':'),
    };
  }
  if (/:[^/:]*\/$/.test(named)) {
    return {
      code: 'TAG_BEFORE_SLASH',
      what: 'a slash follows the tag, which must come last',
      suggestion: text.replace(/\/$/, ''),
    };
  }
  if (named.endsWith('/')) {
    return {
      code: 'SLASH_TRAILING',
      what: 'it ends with a slash, where the name should be',
      suggestion: text.replace(/\/+(?=$|@)/, ''),
    };
  }
  return undefined;
}

function idProblem(text: string): Problem | undefined {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) {
    return {
      code: 'REFERENCE_IS_ID',
      what: `it is an image's id, not a name; a digest follows a name, as in "ubuntu@${text}"`,
    };
  }
  if (/^[0-9a-f]{64}$/.test(text)) {
    return { code: 'NAME_IS_ID', what: "a name of 64 hexadecimal digits can't be told from an image's id" };
  }
  return undefined;
}

function registryProblem(text: string, { registry, path }: ReferenceParts): Problem | undefined {
  if (registry === undefined) return undefined;
  const { host, port } = splitPort(registry);
  if (!/^(\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]+(-+[a-zA-Z0-9]+)*(\.[a-zA-Z0-9]+(-+[a-zA-Z0-9]+)*)*)$/.test(host)) {
    return {
      code: 'REGISTRY_HOST',
      what: `"${host}" is in the place of the registry, but is not a host name; a host name has letters and digits, with single dots and with dashes between`,
    };
  }
  if (port === undefined) return undefined;
  if (!/^\d+$/.test(port)) {
    return {
      code: 'REGISTRY_PORT',
      what: `"${port}" is not a port; a colon before a slash starts the registry's port, and a tag comes after the last slash`,
      suggestion: port === '' ? text.replace(':/', '/') : `${host}/${path}:${port}`,
    };
  }
  // With a leading zero, the printed port would differ from the given one.
  if (Number(port) < 1 || Number(port) > 65_535 || port.startsWith('0')) {
    return {
      code: 'REGISTRY_PORT_RANGE',
      what: `the registry's port is ${port}; ports are the numbers 1 to 65535`,
    };
  }
  return undefined;
}

/** The engine's limit for registry, repository and name together, in characters. */
const maxNameLength = 255;

function nameProblem(text: string, { registry, path }: ReferenceParts): Problem | undefined {
  const rest = text.slice((registry === undefined ? 0 : registry.length + 1) + path.length);
  const before = registry === undefined ? '' : `${registry}/`;
  if (/[A-Z]/.test(path)) {
    return {
      code: 'NAME_UPPER_CASE',
      what: "a name can't have upper-case letters",
      suggestion: `${before}${path.toLowerCase()}${rest}`,
    };
  }
  const strange = /[^a-z0-9._/-]/u.exec(path)?.[0];
  if (strange !== undefined) {
    return {
      code: 'NAME_CHARACTER',
      what: `a name can't have ${JSON.stringify(strange)} in it; a name has a-z, 0-9, and ".", "_", "-" between those`,
    };
  }
  const part = path.split('/').find((each) => !/^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/.test(each));
  if (part !== undefined) {
    return {
      code: 'NAME_SEPARATOR',
      what: `in "${part}", each ".", "_", "__" or "-" must be between letters or digits, and separators of different kinds can't be side by side`,
      suggestion: `${before}${path.replace(/[._-]*(^|$|\/)[._-]*/g, '$1').replace(/([._-])[._-]+/g, '$1')}${rest}`,
    };
  }
  return lengthProblem(registry, path);
}

function lengthProblem(registry: string | undefined, path: string): Problem | undefined {
  const full = registry ?? (path.includes('/') ? 'docker.io' : 'docker.io/library');
  const length = full.length + 1 + path.length;
  if (length <= maxNameLength) return undefined;
  return {
    code: 'NAME_TOO_LONG',
    what: `registry, repository and name have ${length} characters together; ${maxNameLength} are allowed`,
  };
}

function tagProblem(text: string, { tag }: ReferenceParts): Problem | undefined {
  if (tag === undefined) return undefined;
  if (tag === '') {
    return {
      code: 'TAG_EMPTY',
      what: 'there is a colon and no tag after it',
      suggestion: text.replace(/:(?=$|@)/, ''),
    };
  }
  if (tag.includes(':')) {
    const digest = /^(.*):(sha\d+:.*)$/.exec(text);
    return {
      code: 'TAG_DOUBLE',
      what: 'there is more than one colon after the name; a digest comes after "@"',
      ...(digest ? { suggestion: `${digest[1] ?? ''}@${digest[2] ?? ''}` } : {}),
    };
  }
  if (!/^\w[\w.-]*$/.test(tag)) {
    return {
      code: 'TAG_CHARACTER',
      what: `the tag "${tag}" is not made of letters, digits, "_", "." and "-", or starts with one of the last two`,
      suggestion: text.replace(/:[.-]+([^:/]*)$/, ':$1'),
    };
  }
  if (tag.length > 128) {
    return { code: 'TAG_TOO_LONG', what: `the tag has ${tag.length} characters; 128 are allowed` };
  }
  return undefined;
}

/** How many hexadecimal digits each kind of digest has. */
const digestLengths = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

function digestProblem({ digest }: ReferenceParts): Problem | undefined {
  if (digest === undefined) return undefined;
  if (digest === '') return { code: 'DIGEST_EMPTY', what: 'there is "@" and no digest after it' };
  if (digest.includes('@')) return { code: 'DIGEST_DOUBLE', what: 'there is more than one "@"' };
  const [algorithm = '', ...rest] = digest.split(':');
  const length = digestLengths.get(algorithm);
  if (length === undefined || rest.length === 0) {
    const known = [...digestLengths.keys()].join(', ');
    return {
      code: 'DIGEST_ALGORITHM',
      what: `the digest "${digest}" must start with its algorithm and a colon, as in "sha256:"; known are ${known}`,
    };
  }
  const hex = rest.join(':');
  if (!/^[0-9a-f]*$/.test(hex)) {
    return {
      code: 'DIGEST_CHARACTER',
      what: `the digest "${digest}" has something other than 0-9 and a-f after its colon`,
    };
  }
  if (hex.length !== length) {
    return {
      code: 'DIGEST_LENGTH',
      what: `a ${algorithm} digest has ${length} hexadecimal digits; this one has ${hex.length}`,
    };
  }
  return undefined;
}
