import type { Duplex } from 'node:stream';
import { frameReader } from '../../engine/framed-stream';
import { firstEvent } from '../../support/first-event';
import { isPlainName } from '../shell/line';
import { findProgram } from './find-program';

/** What the shim does before it becomes the program. */
interface ShimSettings {
  argv: readonly string[];
  /** All variables of the program's environment that are not the engine's own. */
  env: Readonly<Record<string, string>>;
  /** The size of its terminal, in characters. Undefined: it has no terminal, or the engine sets the size. */
  size: { columns: number; rows: number } | undefined;
}

/**
 * Returns the arguments that start a program through a shell. The shell sets the terminal's size, prints its process id
 * between two NUL characters, and becomes the program. The id is then the program's. If the program would not start,
 * the shell prints nothing and ends.
 *
 * The program gets what an exec of the engine would give it: its own name, the same process group and session, and the
 * same environment but for the order. What shells set, drop or change in it is removed, or set again by `env`.
 */
export function shimArguments({ argv, env, size }: ShimSettings): string[] {
  const assignments = Object.entries(env)
    .filter(([name]) => !isPlainName(name))
    .map(([name, value]) => `${name}=${value}`);
  const [file = ''] = argv;
  const settings = [size?.columns, size?.rows].map((length) => (length === undefined ? '' : String(length)));
  const setter = assignments.length > 0 ? 'env' : '';
  return ['/bin/sh', '-c', shimScript, 'belljar', ...settings, setter, file, ...assignments, ...argv];
}

const shimScript = `
${findProgram}
[ "$1" ] && { stty cols "$1" rows "$2" 2>/dev/null || exit 127; }
belljar_setter=$3
case $4 in -*) exit 127 ;; esac
belljar_find "$4"
case $belljar_line in
'#!'*)
  belljar_line=\${belljar_line#??}
  belljar_line=\${belljar_line#"\${belljar_line%%[! 	]*}"}
  belljar_line=\${belljar_line%%[ 	]*}
  [ -f "$belljar_line" ] && [ -x "$belljar_line" ] || exit 126
  ;;
esac
[ "$BASH_VERSION$KSH_VERSION" ] && belljar_setter=env
if [ "$belljar_setter" ]; then
  case $4 in *=*) exit 127 ;; esac
  command -v env >/dev/null || exit 127
  shift 4
  printf '\\0%s\\0' $$
  exec env -u PWD -u OLDPWD -u SHLVL -u _ "$@"
fi
shift 4
unset PWD OLDPWD SHLVL
printf '\\0%s\\0' $$
exec "$@"
`;

/** What came of a shim: the program's process id in the container, or all that was printed in its place. */
export type ShimOutcome = { pid: number } | { message: string };

/**
 * Reads what the shim has printed off a stream, and leaves the program's own output in it.
 *
 * @param framed whether the stream has the engine's frames
 */
export async function readShim(stream: Duplex, framed: boolean): Promise<ShimOutcome> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) {
      bytes = Buffer.concat([bytes, chunk]);
      const found = framed ? findInFrames(bytes) : findPid(bytes);
      if (found === undefined) continue;
      if (found.rest.length > 0) stream.unshift(found.rest);
      return { pid: found.pid };
    }
    if (stream.readableEnded || stream.destroyed) return { message: textOf(bytes, framed) };
    await changeOf(stream);
  }
}

/** A process id, and what follows it. */
interface FoundPid {
  pid: number;
  rest: Buffer;
}

function findPid(bytes: Buffer): FoundPid | undefined {
  const end = bytes.indexOf(0, 1);
  if (bytes[0] !== 0 || end === -1) return undefined;
  return { pid: Number(bytes.toString('latin1', 1, end)), rest: bytes.subarray(end + 1) };
}

const headerLength = 8;
const stdout = 1;

/** Finds the process id at the beginning of standard output. What follows in its frame gets a header of its own. */
function findInFrames(bytes: Buffer): FoundPid | undefined {
  const others: Buffer[] = [];
  let printed = Buffer.alloc(0);
  let at = 0;
  while (bytes.length >= at + headerLength) {
    const payload = at + headerLength;
    const end = payload + bytes.readUInt32BE(at + 4);
    const isStdout = bytes[at] === stdout;
    if (isStdout) {
      const before = printed.length;
      printed = Buffer.concat([printed, bytes.subarray(payload, end)]);
      const found = findPid(printed);
      if (found !== undefined) {
        const next = payload + (printed.length - found.rest.length - before);
        const header = Buffer.from(bytes.subarray(at, payload));
        header.writeUInt32BE(end - next, 4);
        const rest = end > next ? [header, bytes.subarray(next)] : [bytes.subarray(end)];
        return { pid: found.pid, rest: Buffer.concat([...others, ...rest]) };
      }
    }
    if (end > bytes.length) return undefined;
    if (!isStdout) others.push(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

function textOf(bytes: Buffer, framed: boolean): string {
  if (!framed) return bytes.toString();
  const pieces: Buffer[] = [];
  frameReader((_, piece) => pieces.push(piece)).read(bytes);
  return Buffer.concat(pieces).toString();
}

async function changeOf(stream: Duplex): Promise<void> {
  try {
    await firstEvent(stream, ['readable', 'end', 'close']);
  } catch (error) {
    // A broken connection is closed, and the state of the container tells why it broke.
    if (!stream.destroyed) throw error;
  }
}
