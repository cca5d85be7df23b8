import type { Duplex } from 'node:stream';
import { attach, createAttachedTransport } from '../command/exec/attach';
import { commandChecks, checkArgv, type CommandOptions } from '../command/options';
import type { CommandResult } from '../command/result';
import { runCommand } from '../command/run';
import { startFromImage } from '../container/start';
import { InvalidOptionError } from '../support/errors';
import { checkOptions, type OptionCheck } from '../support/options/check-options';
import { chosenImage, startChecks, type ImageChoice, type StartOptions } from './start-container';

/** The options of a container that do not apply to an image that is run as a command. */
export type RunImageOmits = 'image' | 'command' | 'workdir' | 'ports' | 'healthCheck';

/** How an image is run as a command: the options of its container, and those of a command. */
export interface RunImageOptions extends Omit<StartOptions, RunImageOmits>, Omit<CommandOptions, 'via'> {
  /** Replaces the image's entrypoint. Default: the image's own. */
  entrypoint?: readonly string[];
  /** Kills the program this many milliseconds after the container's start. Default 0: never. */
  timeout?: number;
}

/** Options of an image that is run as a command, and whose output is returned as bytes. */
export type RunImageBufferOptions = RunImageOptions & { encoding: 'buffer' };

const { cwd, input, timeout, cancelSignal, reject, encoding, maxBuffer, stripFinalNewline } = commandChecks;
/** What belongs to the command. Everything else belongs to the container. */
const ofCommand = { cwd, input, timeout, cancelSignal, reject, encoding, maxBuffer, stripFinalNewline };
const unused: readonly string[] = [
  'image',
  'command',
  'workdir',
  'ports',
  'healthCheck',
] satisfies RunImageOmits[];
const checks: Readonly<Record<string, OptionCheck>> = {
  ...pick(startChecks, (name) => !unused.includes(name)),
  ...ofCommand,
};

/**
 * Runs an image once, as `docker run --rm -i` does: its entrypoint with these arguments, in a fresh container. Returns
 * when process 1 has ended. The container is removed in any case.
 *
 * @param image an image reference, an image, or a function that returns either
 * @param args the arguments of the image's entrypoint. Default: the image's own
 * @param options of the container and of the command: `input`, `env`, `user`, `cwd`, `timeout` in milliseconds,
 * `reject`, `encoding`, `network`, `files` and so on
 * @returns the exit code of process 1, and its standard output and error apart
 * @throws CommandError if the program failed, unless `reject` is false
 * @throws ContainerError `CONTAINER_NOT_STARTED`, for a program or user that the image does not have
 * @throws InvalidOptionError for an option that can't be used
 * @throws EngineError if there is no engine
 * @throws ImageReferenceError, ImageError for a malformed reference, an image that can't be had
 */
export function runImage(
  image: ImageChoice,
  args: readonly string[] | undefined,
  options: RunImageBufferOptions,
): Promise<CommandResult<Uint8Array>>;
export function runImage(
  image: ImageChoice,
  args?: readonly string[],
  options?: RunImageOptions,
): Promise<CommandResult>;
export async function runImage(
  choice: ImageChoice,
  args: readonly string[] = [],
  options: RunImageOptions = {},
): Promise<CommandResult<string | Uint8Array>> {
  if (!Array.isArray(args))
    throw new InvalidOptionError(
      'args',
      "must be an array of strings, as in runImage('alpine', ['ls'])",
      args,
    );
  checkOptions(options, checks);
  const isOfCommand = (name: string): boolean => Object.hasOwn(ofCommand, name);
  const image = await chosenImage(choice, options);
  const entrypoint = options.entrypoint ?? image.config.entrypoint;
  const words = args.length === 0 && options.entrypoint === undefined ? image.config.cmd : args;
  const argv = [...entrypoint, ...words];
  checkArgv(argv);
  const hasInput = options.input !== undefined;
  let connection: Duplex | undefined;
  try {
    await using started = await startFromImage(
      image,
      {
        ...pick(options, (name) => !isOfCommand(name) && name !== 'pull'),
        workdir: options.cwd,
        entrypoint,
        command: words,
      },
      { input: hasInput, created: async (made) => void (connection = await attach(made, hasInput)) },
    );
    if (connection === undefined)
      throw new TypeError('The container has started, and nothing is attached to it');
    return await runCommand(
      started,
      createAttachedTransport(started, connection),
      argv,
      pick(options, isOfCommand),
    );
  } finally {
    connection?.destroy();
  }
}

/** Returns the properties of an object whose names a function chooses. */
function pick<Value extends object>(from: Value, chooses: (name: string) => boolean): Partial<Value> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => chooses(name))) as Partial<Value>;
}
