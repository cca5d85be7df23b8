/** Returns whether a user, as the engine was told, is root: `''` is what a container has that names none. */
export function isRoot(user: string): boolean {
  return ['', '0', 'root', '0:0', 'root:root'].includes(user);
}
