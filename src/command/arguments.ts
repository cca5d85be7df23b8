import { InvalidOptionError } from '../support/errors';

/** A program to run, with its options as the caller gave them. */
export interface CommandArguments<Options> {
  argv: string[];
  options: Options;
}

/**
 * Reads `(file, args, options)`. `args`, `options` or both may be left out, as with execa.
 *
 * @throws InvalidOptionError if `args` is neither an array nor the options
 */
export function parseArguments<Options extends object>(
  file: string,
  args: readonly string[] | Options = [],
  options?: Options,
): CommandArguments<Options | undefined> {
  if (Array.isArray(args)) return { argv: [file, ...(args as readonly string[])], options };
  if (typeof args !== 'object' || options !== undefined)
    throw new InvalidOptionError('args', `must be an array of strings, as in run('ls', ['-l'])`, args);
  return { argv: [file], options: args as Options };
}
