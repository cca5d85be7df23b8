/** The names of a container's users and groups. */
export interface Accounts {
  users: ReadonlyMap<number, string>;
  groups: ReadonlyMap<number, string>;
}

/** The files with the names and ids. */
export const accountFiles = { users: '/etc/passwd', groups: '/etc/group' } as const;

/** Reads passwd(5) and group(5): name, password, id, separated by colons. The first name of an id counts. */
export function parseAccounts(passwd: string, group: string): Accounts {
  return { users: parseNames(passwd), groups: parseNames(group) };
}

function parseNames(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (name !== '' && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}

/** Returns the id of a name. */
export function idOf(names: ReadonlyMap<number, string>, name: string): number | undefined {
  return [...names].find(([, known]) => known === name)?.[0];
}
