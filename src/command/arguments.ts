import { InvalidOptionError } from '../support/errors';

/** A program to run, as it was asked for. */
export interface CommandArguments<Options> {
  argv: string[];
  options: Options;
}

/**
 * Reads `(file, args, options)`, of which the middle or the last or both may be left out, as with execa.
 *
 * @throws InvalidOptionError for arguments that are no array
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
