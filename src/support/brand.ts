/** The kinds of objects that belljar recognizes as its own. */
export type Kind = 'box' | 'changes' | 'container' | 'host' | 'image' | 'terminal';

/**
 * Marks an object as one of a kind. No printer and no comparison sees the mark. The mark is a property under a
 * global symbol, because a class is another one in each of Jest's module registries, and because what `useContainer()`
 * returns is a proxy: both hand a property through.
 *
 * @param thing the object
 * @param kind what it is
 * @param original the object that it stands for: for a box, which is a container as well, its container. Default:
 * itself
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
 * Returns the one object of a kind that another stands for: a container for its box, and either for a proxy of it.
 * State that is kept beside an object is found by this, whichever of them is at hand.
 */
export function originalOf(thing: object, kind: Kind): object {
  return (thing as Record<symbol, object | undefined>)[symbolOf(kind)] ?? thing;
}

function symbolOf(kind: Kind): symbol {
  return Symbol.for(`belljar.${kind}`);
}
