import type { CommandErrorCode } from '../result';
import type { CommandProblem, CommandRequest } from '../transport';

/**
 * Returns why a command never started, from what the engine printed in its place. The patterns match the messages of
 * runc and moby, from 20.10 to 28. A message that matches none is passed on.
 */
export function problemOf(
  engineMessage: string,
  { argv, cwd, user }: Pick<CommandRequest, 'argv' | 'cwd' | 'user'>,
): CommandProblem {
  const message = engineMessage.trim();
  const [file = ''] = argv;
  for (const { pattern, code, text } of causes) {
    if (pattern.test(message)) return { code, message: text({ file, cwd: cwd ?? '', user: user ?? '' }) };
  }
  return { code: 'COMMAND_NOT_STARTED', message: `The engine did not start the command: ${message}` };
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

interface Names {
  file: string;
  cwd: string;
  user: string;
}

const causes: readonly { pattern: RegExp; code: CommandErrorCode; text: (names: Names) => string }[] = [
  {
    pattern: /unable to find (user|group)|no matching entries in (passwd|group) file/,
    code: 'USER_NOT_FOUND',
    text: ({ user }) => `There is no user or group ${JSON.stringify(user)} in the container.`,
  },
  {
    pattern: /chdir to cwd .*permission denied/,
    code: 'DIRECTORY_NOT_FOUND',
    text: ({ cwd }) => `The command's user may not enter the working directory ${JSON.stringify(cwd)}.`,
  },
  {
    pattern: /chdir to cwd|mkdir .*not a directory/,
    code: 'DIRECTORY_NOT_FOUND',
    text: ({ cwd }) => `The working directory ${JSON.stringify(cwd)} does not exist, or is not a directory.`,
  },
  {
    pattern: /executable file not found|exec:? ["/].*no such file or directory/,
    code: 'PROGRAM_NOT_FOUND',
    text: ({ file }) =>
      file.includes('/')
        ? `There is no program ${JSON.stringify(file)} in the container.`
        : `There is no program ${JSON.stringify(file)} on the PATH of the container.`,
  },
  {
    pattern: /permission denied|is a directory/,
    code: 'PROGRAM_NOT_EXECUTABLE',
    text: ({ file }) =>
      `${JSON.stringify(file)} exists but may not be executed (a directory, or no execute permission).`,
  },
];
