/** The parts of a reference as they are written, valid or not. */
export interface ReferenceParts {
  /** Registry and port, such as `localhost:5000`, if Docker takes the part before the first slash for a registry. */
  registry?: string;
  /** Repository and name. */
  path: string;
  tag?: string;
  digest?: string;
}

/** Splits a string at `@`, at the last part's `:`, and after the registry. */
export function splitReference(text: string): ReferenceParts {
  const at = text.indexOf('@');
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return {
    ...splitRegistry(colon === -1 ? named : named.slice(0, colon)),
    ...(colon === -1 ? {} : { tag: named.slice(colon + 1) }),
    ...(at === -1 ? {} : { digest: text.slice(at + 1) }),
  };
}

/** The part before the first slash is a registry if it contains a dot, a colon or upper case, or is `localhost`. */
export function splitRegistry(name: string): { registry?: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return isRegistry ? { registry: first, path: name.slice(slash + 1) } : { path: name };
}

/** Splits a registry into host and port. The colons of an address in brackets belong to the host. */
export function splitPort(registry: string): { host: string; port?: string } {
  const colon = registry.indexOf(':', registry.startsWith('[') ? registry.indexOf(']') : 0);
  return colon === -1
    ? { host: registry }
    : { host: registry.slice(0, colon), port: registry.slice(colon + 1) };
}
