/** The prefix of a retained container's name. The name tells, because the engine can't change a container's labels. */
export const retainedPrefix = 'belljar-kept-';

/** Returns whether a name is that of a retained container. */
export function isRetainedName(name: string): boolean {
  return name.startsWith(retainedPrefix);
}
