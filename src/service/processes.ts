import type { Commands } from '../command/commands';

const script = `
for directory in /proc/[0-9]*; do
  printf '%s ' "\${directory#/proc/}"
  tr '\\0\\n' '  ' <"$directory/cmdline"
  echo
done 2>/dev/null
`;

/**
 * Lists the processes of a container as `1 /bin/sh -c …`, sorted by their pids in the container. Marks persistent
 * shells. Returns an empty list if the container has no shell to read the processes with.
 *
 * @param options `timeout` in milliseconds. Default: none
 */
export async function listProcesses(
  { run }: Pick<Commands, 'run'>,
  { timeout = 0 }: { timeout?: number } = {},
): Promise<string[]> {
  const { stdout } = await run('/bin/sh', ['-c', script], { reject: false, user: '0', timeout });
  return stdout
    .split('\n')
    .filter((line) => /^\d+ ./.test(line) && !line.includes('directory#/proc/'))
    .sort((left, right) => parseInt(left, 10) - parseInt(right, 10))
    .map((line) => line.trimEnd().replace(persistentShell, "/bin/sh (belljar's persistent shell)"));
}

/**
 * Matches a persistent shell. `command/shell` starts it with the last argument `belljar`, which is `$0` in the shell.
 */
const persistentShell = /(?<=^\d+ )\/bin\/sh -c .* belljar$/;
