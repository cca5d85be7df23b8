import type Docker from 'dockerode';
import { InvalidOptionError } from '../../support/errors';
import { accountFiles, idOf, parseAccounts } from '../accounts';
import { readArchived } from '../archive';
import type { CopyInOptions } from './options';
import type { Ownership } from './pack';

/** Returns the ids of the owner and the group that were named: root's otherwise, or undefined with `keepOwners`. */
export async function findIds(
  container: Docker.Container,
  { owner, group, keepOwners = false }: CopyInOptions,
): Promise<Omit<Ownership, 'mode'>> {
  const otherwise = keepOwners ? undefined : 0;
  const find = async (
    kind: 'users' | 'groups',
    account: string | number | undefined,
  ): Promise<number | undefined> => {
    if (account === undefined) return otherwise;
    if (account === 'root') return 0;
    if (typeof account === 'number' || /^\d+$/.test(account)) return Number(account);
    const text = (await readArchived(container, accountFiles[kind], 10_000_000)).toString();
    const id = idOf(parseAccounts(text, text)[kind], account);
    if (id === undefined) {
      const option = kind === 'users' ? 'owner' : 'group';
      throw new InvalidOptionError(
        option,
        `must be in the container's ${accountFiles[kind]}, or a numeric id`,
        account,
      );
    }
    return id;
  };
  return { uid: await find('users', owner), gid: await find('groups', group) };
}
