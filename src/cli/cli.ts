import { BelljarError } from '../support/errors';
import { cleanCommand } from './clean';
import type { Command, Output } from './command';
import { UsageError } from './errors';
import { doctorCommand } from './doctor';
import { psCommand } from './ps';

/** All commands. To add one, write a file beside doctor.ts and add a line here. */
const commands: readonly Command[] = [doctorCommand, psCommand, cleanCommand];

const exitCodes = { ok: 0, failed: 1, misused: 2 };

/**
 * Runs the `belljar` program.
 *
 * @param argv the arguments after `belljar`
 * @returns the exit code: 0 for success, 1 for a failure, 2 for a wrong command or option
 */
export async function runCli(argv: readonly string[], output: Output): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    output[name === undefined ? 'printError' : 'print'](overview());
    return name === undefined ? exitCodes.misused : exitCodes.ok;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    output.printError(`belljar: ${formatUnknown(name)}\n\n${overview()}`);
    return exitCodes.misused;
  }
  return runCommand(command, args, output);
}

async function runCommand(command: Command, args: readonly string[], output: Output): Promise<number> {
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    output.print(command.help);
    return exitCodes.ok;
  }
  try {
    return await command.run(args, output);
  } catch (error) {
    if (error instanceof UsageError) {
      output.printError(`belljar ${command.name}: ${error.message}\n\n${command.help}`);
      return exitCodes.misused;
    }
    if (!(error instanceof BelljarError)) throw error;
    output.printError(`belljar ${command.name}: ${error.message}`);
    return exitCodes.failed;
  }
}

function formatUnknown(name: string): string {
  return name.startsWith('-') ? `there is no option ${name}.` : `there is no command "${name}".`;
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: belljar COMMAND [OPTION]...',
    '',
    'Fresh, isolated containers for tests.',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    "'belljar COMMAND --help' describes a command and its options.",
  ].join('\n');
}
