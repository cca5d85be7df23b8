/** How the names of containers begin that are kept for somebody to look at. Labels can't be changed any more then. */
export const keptPrefix = 'belljar-kept-';

/** Whether a container of belljar's is one that was kept. */
export function isKeptName(name: string): boolean {
  return name.startsWith(keptPrefix);
}
