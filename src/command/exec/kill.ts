import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { codeOf } from '../../support/errors';

/**
 * Kills a process in a container and everything that descends from it or is in its session. Each process is stopped as
 * it is found, so that nothing forks away meanwhile. When a pass over the whole process table finds no more, all are
 * killed. Only shell built-ins: there may be no `ps`, and no room for another process.
 *
 * Takes the process id as `$1`. Fields of `/proc/PID/stat` after the name: state, parent, process group, session
 * (proc(5)); the name itself may hold anything, so they are counted from its last parenthesis.
 */
export const killTreeScript = `
kill -STOP "$1" 2>/dev/null
tree=" $1 "
root=$1
again=1
while [ "$again" ]; do
  again=
  for directory in /proc/[0-9]*; do
    pid=\${directory#/proc/}
    case $tree in *" $pid "*) continue ;; esac
    stat=
    { while IFS= read -r line; do stat=$stat$line; done <"$directory/stat"; } 2>/dev/null || continue
    set -- \${stat##*) }
    [ $# -ge 4 ] || continue
    [ "$4" = "$root" ] || case $tree in *" $2 "*) ;; *) continue ;; esac
    kill -STOP "$pid" 2>/dev/null
    tree="$tree$pid "
    again=1
  done
done
kill -KILL $tree 2>/dev/null
:
`;

/** Succeeds if a process of the session `$1` lives; a zombie does not. Only shell built-ins. */
export const hasMembersScript = `
for directory in /proc/[0-9]*; do
  stat=
  { while IFS= read -r line; do stat=$stat$line; done <"$directory/stat"; } 2>/dev/null || continue
  set -- "$1" \${stat##*) }
  [ "$5" = "$1" ] && [ "$2" != Z ] && exit 0
  set -- "$1"
done
exit 1
`;

/**
 * Finds the id of a process inside its container, from the id that the engine reports.
 *
 * The engine has to run on this machine: the process's cgroup must name the container, so that another machine's
 * process id never matches one of this machine.
 *
 * @returns undefined if the two can't be matched
 */
export async function pidInContainer(
  container: Docker.Container,
  enginePid: number,
): Promise<number | undefined> {
  try {
    const cgroup = await readFile(`/proc/${enginePid}/cgroup`, 'utf8');
    if (!cgroup.includes(container.id)) return undefined;
    const status = await readFile(`/proc/${enginePid}/status`, 'utf8');
    // NSpid: the id in each nested pid namespace, the innermost last.
    const ids = /^NSpid:\s+(.+)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
    return ids.length > 0 ? Number(ids.at(-1)) : undefined;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
