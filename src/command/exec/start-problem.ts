import { NotStarted } from '../errors';
import { messageOf, statusOf } from '../../support/errors';
import { shortened } from '../origin';
import type { CommandErrorCode } from '../result';
import type { CommandProblem, CommandRequest } from '../transport';

/**
 * Returns why a command never started, from what the engine printed in its place. The patterns match the messages of
 * runc, crun, moby (20.10 to 28) and Podman. A message that matches none is passed on.
 */
export function problemOf(
  engineMessage: string,
  { argv, cwd, user }: Pick<CommandRequest, 'argv' | 'cwd' | 'user'>,
): CommandProblem {
  const message = engineMessage.trim();
  const [file = ''] = argv;
  for (const { pattern, code, text } of causes) {
    if (pattern.test(message))
      return { code, message: text({ file: shortened(file, 1000), cwd: cwd ?? '', user: user ?? '' }) };
  }
  return {
    code: 'COMMAND_NOT_STARTED',
    message: `The engine did not start the command: ${shortened(message, 2000)}`,
  };
}

/**
 * Returns what to throw for an engine's answer to the creation or the start of an exec: since Docker 28, the engine
 * looks the user up when the exec is created (400). Podman answers with 500.
 */
export function refusedStart(
  error: unknown,
  request: Pick<CommandRequest, 'argv' | 'cwd' | 'user'>,
): unknown {
  if (statusOf(error) !== 400 && statusOf(error) !== 500) return error;
  const problem = problemOf(messageOf(error), request);
  return problem.code === 'COMMAND_NOT_STARTED' ? error : new NotStarted(problem);
}

/**
 * Whether the engine's message is about another program. containerd reads the last line of a log that all execs of a
 * container share: two execs that fail at once may get each other's message (seen with Docker 26.1).
 */
export function isOfAnother(engineMessage: string, { argv }: Pick<CommandRequest, 'argv'>): boolean {
  const [, quoted] = /exec: ("(?:[^"\\]|\\.)*")/.exec(engineMessage) ?? [];
  if (quoted === undefined) return false;
  try {
    return JSON.parse(quoted) !== argv[0];
  } catch {
    // Go quotes some characters as JSON does not: a name that can't be compared counts as the program's own.
    return false;
  }
}

/** Whether a message is one with which Podman passes on that runc or crun could not start a program. */
export function isRuntimeMessage(engineMessage: string): boolean {
  return /^Error: (runc: |crun: |OCI runtime |[^\n]*: OCI )/.test(engineMessage);
}

interface Names {
  file: string;
  cwd: string;
  user: string;
}

const causes: readonly { pattern: RegExp; code: CommandErrorCode; text: (names: Names) => string }[] = [
  {
    pattern: /unable to find (user|group)|no matching entries in (passwd|group) file/i,
    code: 'USER_NOT_FOUND',
    text: ({ user }) => `There is no user or group ${JSON.stringify(user)} in the container.`,
  },
  {
    pattern: /chdir (to cwd|`).*permission denied/i,
    code: 'DIRECTORY_NOT_FOUND',
    text: ({ cwd }) => `The command's user may not enter the working directory ${JSON.stringify(cwd)}.`,
  },
  {
    pattern: /chdir (to cwd|`)|mkdir .*not a directory/i,
    code: 'DIRECTORY_NOT_FOUND',
    text: ({ cwd }) => `The working directory ${JSON.stringify(cwd)} does not exist, or is not a directory.`,
  },
  {
    pattern: /executable file (`[^]*` )?not found|exec:? ["/].*no such file or directory/i,
    code: 'PROGRAM_NOT_FOUND',
    text: ({ file }) =>
      (file.includes('/')
        ? `There is no program ${JSON.stringify(file)} in the container.`
        : `There is no program ${JSON.stringify(file)} on the PATH of the container.`) + hintFor(file),
  },
  {
    pattern: /permission denied|is a directory|open executable/i,
    code: 'PROGRAM_NOT_EXECUTABLE',
    text: ({ file }) =>
      `${JSON.stringify(file)} exists but may not be executed (a directory, or no execute permission).`,
  },
];

/** What was probably meant by a name that is not a program's. */
function hintFor(file: string): string {
  const [first = '', ...rest] = file.trim().split(/\s+/);
  if (rest.length > 0) {
    const call = `run('${first.slice(0, 100)}', […])`;
    return ` A whole command line is not a program: use ${call} for a program with its arguments, or sh\`…\` for a shell.`;
  }
  if (!shellCommands.has(file)) return '';
  return ` It is a command of a shell: use sh\`…\`, or the options cwd and env.`;
}

/** Commands of shells that are not programs (POSIX.1-2017, Shell Command Language, 2.14, and some of bash). */
const shellCommands = new Set(
  '. : alias break cd command declare eval exec exit export hash if for local read readonly return set shift source times trap type ulimit umask unalias unset wait while'.split(
    ' ',
  ),
);
