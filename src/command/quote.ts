/**
 * Quotes one argument so that a POSIX shell reads it back unchanged (POSIX.1-2017, Shell Command Language, 2.2.2
 * Single-Quotes). A word that needs no quotes gets none. A word that a shell could take for an assignment needs them.
 */
export function quote(argument: string): string {
  if (/^(?:[\w@%+:,./-]+|-[\w@%+:,./=-]+)$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
