/**
 * Returns what is the same object but for some members, and leaves that object as it is. A copy would not do: it lacks what
 * belljar recognizes its objects by.
 */
export function withMembers<Thing extends object>(thing: Thing, members: Partial<Thing>): Thing {
  return Object.create(thing, Object.getOwnPropertyDescriptors(members)) as Thing;
}
