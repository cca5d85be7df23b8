import type { CommandRequest } from '../transport';

/** The line that is written to a persistent shell to run a command. */
export interface CommandLine {
  text: string;
  /** Bytes that follow the line, then end of file: the shell can't be used again. */
  input?: Uint8Array;
}

/** The answer to a command that a persistent shell can't run. Nothing of the command was done. */
export interface Unsupported {
  /** The reason, as it reads after "because". */
  unsupported: string;
  /** Whether a shell attempted to start it. Default false. */
  attempted?: boolean;
}

/**
 * A shell reads a line byte by byte, at about a megabyte a second on a busy machine: longer lines are quicker by exec.
 */
const maxLineBytes = 32 * 1024;
/**
 * Longer input is sent unescaped, which uses up the shell. The engine opens a shell in the time to read about this
 * much.
 */
const maxEscapedInputBytes = 4 * 1024;

/**
 * Makes a line of a command for the functions of {@link shellScript}: `p` prepares directory and environment, `c` runs
 * a command without input, `w` with input as an argument of `printf`, `i` with the bytes that follow the line.
 *
 * @param token begins the command's sentinels
 * @param directory the working directory unless the command has its own
 */
export function commandLine(
  request: Pick<CommandRequest, 'argv' | 'cwd' | 'env' | 'input'>,
  token: string,
  directory: string,
): CommandLine | Unsupported {
  const { argv, cwd = directory, env, input } = request;
  if (input !== undefined && !(input instanceof Uint8Array)) return { unsupported: 'its input is a stream' };
  if (argv[0]?.startsWith('-')) return { unsupported: "a shell's exec would take its name for an option" };
  const odd = Object.keys(env).find((name) => !isPlainName(name));
  if (odd !== undefined) return { unsupported: `a shell can't set the variable ${odd}` };
  // runc sets an empty HOME to the user's home directory (libcontainer, init_linux.go).
  if (env.HOME === '') return { unsupported: 'the engine has a value of its own for an empty HOME' };
  const words = argv.map(quoteWord).join(' ');
  const text = `p(){ ${preparation(cwd, env)}};${call(token, input)} ${words}\n`;
  if (text.length > maxLineBytes)
    return { unsupported: `its command line is longer than ${maxLineBytes} bytes` };
  return input !== undefined && usesUpShell(request) ? { text, input } : { text };
}

/** Whether a command takes the rest of its shell's standard input, so that no other can follow. */
export function usesUpShell({ input }: Pick<CommandRequest, 'input'>): boolean {
  return input instanceof Uint8Array && !isShort(input);
}

function preparation(cwd: string, env: CommandRequest['env']): string {
  const directory = cwd === '/' ? '' : `cd -P ${quoteWord(cwd)}||exit;unset PWD OLDPWD;`;
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoteWord(value)};`);
  return `${directory}${variables.join('')}:;`;
}

function call(token: string, input: Uint8Array | undefined): string {
  if (input === undefined) return `c ${token}`;
  return isShort(input) ? `w ${token} '${escapeBytes(input)}'` : `i ${token}`;
}

function isShort(input: Uint8Array): boolean {
  return input.length <= maxEscapedInputBytes;
}

/** Quotes a word on one line of shell code; `$belljar_n` is a newline. */
function quoteWord(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`).replaceAll('\n', `'"$belljar_n"'`)}'`;
}

/** Escapes bytes as a format of `printf` (POSIX.1-2017, XCU "File Format Notation"). */
function escapeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += escapes[byte] ?? '';
  return text;
}

const escapes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[\w ./:;,<>(){}[\]#$&*!?@^~|=+"]/.test(character)
    ? character
    : `\\${byte.toString(8).padStart(3, '0')}`;
});

/**
 * Whether a shell can set a variable and passes it on unchanged. Excluded are names that are invalid in a shell
 * (POSIX.1-2017, XBD 3.235), and names that some shell sets, computes, obeys or locks (dash, bash, busybox ash).
 */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !ownNames.test(name);
}

const ownNames =
  /^(_|PWD|OLDPWD|IFS|OPT(ARG|IND|ERR)|PPID|E?UID|GROUPS|LINENO|RANDOM|SRANDOM|SECONDS|SHLVL|ENV|TMOUT|PS[0-4]|SHELLOPTS|DIRSTACK|FUNC\w*|HIST\w*|EPOCH\w*|COMP_\w*|BASH\w*|POSIXLY_CORRECT|belljar_.*)$/;
