/** How the names of containers begin that are kept for somebody to look at. Labels can't be changed any more then. */
export const retainedPrefix = 'belljar-kept-';

/** Whether a container of belljar's is one that was kept. */
export function isRetainedName(name: string): boolean {
  return name.startsWith(retainedPrefix);
}
