import type { Duplex } from 'node:stream';
import { engineVersion } from '../../engine/engine-version';
import { compareVersions } from '../../engine/version';
import { firstEvent } from '../../support/first-event';
import { CommandError } from '../errors';

/**
 * Whether the engine sets a terminal's size before the program starts: since API 1.42, Docker 23 (Engine API, "Create
 * an exec instance": ConsoleSize). Older engines set it afterwards, when the program may have read it already: on
 * Docker 20.10, every second program has.
 */
export async function startsTerminalsSized(): Promise<boolean> {
  return compareVersions((await engineVersion()).apiVersion, '1.42') >= 0;
}

/** Printed when the program is about to replace the shell. No terminal shows it. */
const ready = '\0';

/** Sets the terminal's size from inside, and becomes the program. */
const sizeScript = `
stty cols "$1" rows "$2" 2>/dev/null || exit 127
shift 2
case $1 in
*/*) [ -f "$1" ] && [ -x "$1" ] || exit 127 ;;
*) command -v -- "$1" >/dev/null 2>&1 || exit 127 ;;
esac
printf '\\0'
exec "$@"
`;

/**
 * Starts a program on a terminal through a shell that sets the terminal's size first.
 *
 * @param argv the program and its arguments
 * @param size in characters
 * @param start starts the given arguments on a terminal
 * @returns undefined if the image has no `/bin/sh`, no `stty` or no such program
 */
export async function startWithSize<Program extends { readonly stream: Duplex }>(
  argv: readonly string[],
  { columns, rows }: { columns: number; rows: number },
  start: (argv: string[]) => Promise<Program>,
): Promise<Program | undefined> {
  const shell = ['/bin/sh', '-c', sizeScript, 'sh', String(columns), String(rows)];
  try {
    const program = await start([...shell, ...argv]);
    if (await saysReady(program.stream)) return program;
    program.stream.destroy();
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

/** Reads the byte {@link ready} off the stream. Returns false if the stream ends or begins with something else. */
async function saysReady(stream: Duplex): Promise<boolean> {
  for (;;) {
    const first = stream.read(1) as Buffer | null;
    if (first !== null) return first.toString() === ready;
    if (stream.readableEnded || stream.destroyed) return false;
    await changeOf(stream);
  }
}

async function changeOf(stream: Duplex): Promise<void> {
  try {
    await firstEvent(stream, ['readable', 'end', 'close']);
  } catch (error) {
    // A broken connection is closed, and the state of the container tells why it broke.
    if (!stream.destroyed) throw error;
  }
}
