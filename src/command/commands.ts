import type { StartedContainer } from '../container/started-container';
import { parseArguments } from './arguments';
import type { Transport } from './transport';
import type { BufferOptions, CommandOptions } from './options';
import type { CommandResult } from './result';
import { runCommand } from './run';
import { templateScript, templateWords, type TemplateValue } from './template';
import type { CommandLog } from './log';

/** A template tag that runs a command. */
export type CommandTag<Output extends string | Uint8Array> = (
  strings: TemplateStringsArray,
  ...values: TemplateValue[]
) => Promise<CommandResult<Output>>;

/** A template tag. Called with options, it returns a tag that has these options. */
export interface CommandTemplate<Output extends string | Uint8Array = string> extends CommandTag<Output> {
  (options: BufferOptions): CommandTemplate<Uint8Array>;
  (options: CommandOptions): CommandTemplate<Output>;
}

/**
 * The ways to run a command in one container. Each returns the whole result, and rejects with a `CommandError` if the
 * command failed and `reject` is not false.
 */
export interface Commands {
  /**
   * Runs a program without a shell. The template is split at white space; every interpolated value is one argument.
   *
   * What only a shell reads is refused in the template's own text: quotes, backslashes, `$NAME`, backticks,
   * redirections, `|`, `&`, `;`, parentheses, patterns of file names, a leading `~` or `#`, and `{a,b}`. In a value,
   * these are plain text: `${'*'}`.
   *
   * @throws TemplateError `SHELL_SYNTAX`, before anything runs
   */
  $: CommandTemplate;
  /**
   * Runs a script with `/bin/sh -c`. Every interpolated value is quoted. The shell gets the template's own text as it
   * is written: `\n` is a backslash and an `n`, as in `String.raw`. Only `` \` `` and `\${` lose the backslash, which
   * JavaScript needs there.
   */
  sh: CommandTemplate;
  /** Runs a program with arguments, without a shell: `run('ls', ['-l'])`. */
  run(file: string, options: BufferOptions): Promise<CommandResult<Uint8Array>>;
  run(file: string, options?: CommandOptions): Promise<CommandResult>;
  run(
    file: string,
    args: readonly string[] | undefined,
    options: BufferOptions,
  ): Promise<CommandResult<Uint8Array>>;
  run(file: string, args?: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

/**
 * Creates the ways to run commands in a container.
 *
 * @param transport brings the commands into the container
 * @param log records the commands. Default: none
 */
export function createCommands(
  container: StartedContainer,
  transport: Transport,
  log?: CommandLog,
): Commands {
  const start: Start = (argv, options) => runCommand(container, transport, argv, options, log);
  const words: Argv = (strings, values) => templateWords(strings, values);
  const script: Argv = (strings, values) => ['/bin/sh', '-c', templateScript(strings, values)];
  return {
    $: createTemplate(start, words, {}),
    sh: createTemplate(start, script, {}),
    run: createRun(container, transport, log),
  };
}

/** Returns `run()` alone: what belljar itself needs for its own commands, which are recorded nowhere. */
export function createRun(
  container: StartedContainer,
  transport: Transport,
  log?: CommandLog,
): Commands['run'] {
  const run = async (...given: Parameters<typeof parseArguments<CommandOptions>>) => {
    const { argv, options = {} } = parseArguments(...given);
    return runCommand(container, transport, argv, options, log);
  };
  return run as Commands['run'];
}

type Start = (
  argv: readonly string[],
  options: CommandOptions,
) => Promise<CommandResult<string | Uint8Array>>;
type Argv = (strings: TemplateStringsArray, values: readonly TemplateValue[]) => string[];

function createTemplate(start: Start, argvOf: Argv, options: CommandOptions): CommandTemplate {
  const tag = (first: TemplateStringsArray | CommandOptions, ...values: TemplateValue[]) =>
    isTemplate(first)
      ? startTemplate(start, argvOf, first, values, options)
      : createTemplate(start, argvOf, { ...options, ...first });
  return tag as CommandTemplate;
}

/** Async, so that an invalid template rejects, as a failed command does. */
async function startTemplate(
  start: Start,
  argvOf: Argv,
  strings: TemplateStringsArray,
  values: readonly TemplateValue[],
  options: CommandOptions,
): Promise<CommandResult<string | Uint8Array>> {
  return start(argvOf(strings, values), options);
}

function isTemplate(value: TemplateStringsArray | CommandOptions): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value;
}
