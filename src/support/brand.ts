/** The kinds of objects that belljar recognizes as its own. */
export type Kind = 'box' | 'changes' | 'container' | 'host' | 'image' | 'terminal';

/**
 * Marks an object as one of a kind. No printer and no comparison sees the mark. The mark is a property under a
 * global symbol, and `instanceof` would not do: each of Jest's module registries has classes of its own, and
 * `useContainer()` returns a proxy.
 *
 * @param thing the object
 * @param kind what it is
 * @param original the object that it forwards to: for a box, its container. Default: the object itself
 * @returns the same object
 */
export function brand<Thing extends object>(thing: Thing, kind: Kind, original: object = thing): Thing {
  return Object.defineProperty(thing, symbolOf(kind), { value: original });
}

/**
 * Returns whether something is of a kind.
 *
 * @throws ContainerError `NO_CONTAINER` for what `useContainer()` returned, outside of tests
 */
export function isOfKind(value: unknown, kind: Kind): boolean {
  return typeof value === 'object' && value !== null && symbolOf(kind) in value;
}

/**
 * Returns the original of a kind: the container of a box, and the box or container of a lazy proxy. State beside an
 * object is stored under its original.
 */
export function originalOf(thing: object, kind: Kind): object {
  return (thing as Record<symbol, object | undefined>)[symbolOf(kind)] ?? thing;
}

function symbolOf(kind: Kind): symbol {
  return Symbol.for(`belljar.${kind}`);
}
