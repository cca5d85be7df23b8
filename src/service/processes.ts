import type { Commands } from '../command/commands';

const script = `
for directory in /proc/[0-9]*; do
  printf '%s ' "\${directory#/proc/}"
  tr '\\0\\n' '  ' <"$directory/cmdline"
  echo
done 2>/dev/null
`;

/**
 * The processes of a container as `1 /bin/sh -c …`, by their numbers there, without those that were gone before they
 * could be read; shells that belljar holds open are named as such. Empty where the container has nothing to read them
 * with.
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
    .map((line) => line.trimEnd().replace(persistentShell, '/bin/sh (held open by belljar)'));
}

/** As `command/shell` starts them: the last argument is the name that the shell goes by. */
const persistentShell = /(?<=^\d+ )\/bin\/sh -c .* belljar$/;
