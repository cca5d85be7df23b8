import { readFileSync } from 'node:fs';
import { getgroups } from 'node:process';
import { userInfo } from 'node:os';

/** The owner of a socket, as far as it decides who may open the socket. */
interface Socket {
  readonly gid: bigint;
  readonly mode: bigint;
}

/**
 * Says what lets this user open an engine's socket.
 *
 * @param socket what the file system says of it
 * @param groupFile the list of groups (group(5))
 */
export function accessAdvice({ gid, mode }: Socket, groupFile = '/etc/group'): string {
  const group = groupsIn(groupFile).find(({ id }) => id === Number(gid));
  const others =
    'Or run as root, or use a rootless engine of your own: dockerd-rootless-setuptool.sh install.';
  if (gid === 0n || (mode & 0o060n) !== 0o060n)
    return [
      'This user may not open the socket, and no group may. Run as root, or give the socket a group:',
      '  { "group": "docker" } in /etc/docker/daemon.json, then restart the engine',
      'Or use a rootless engine of your own: dockerd-rootless-setuptool.sh install.',
    ].join('\n');
  const name = group?.name ?? String(gid);
  if (group?.members.includes(userName() ?? '') === true && !(getgroups?.() ?? []).includes(group.id))
    return [
      `This user has been added to the group ${name}, which may open the socket, but this session is older than that.`,
      `Log in again, or begin a new session here: newgrp ${name}`,
    ].join('\n');
  return [
    `This user may not open the socket. The group ${name} may: add this user to the group, then log in again:`,
    `  sudo usermod --append --groups ${name} "$USER"`,
    others,
  ].join('\n');
}

interface Group {
  name: string;
  id: number;
  members: readonly string[];
}

function groupsIn(file: string): Group[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , id, members = '']) => ({ name, id: Number(id), members: members.split(',') }));
  } catch {
    // Without names, the advice has the group's number.
    return [];
  }
}

/** Undefined for a user that is not in the list of users, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
