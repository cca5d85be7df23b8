import { parseArgs } from 'node:util';
import { messageOf } from '../support/errors';
import { UsageError } from './errors';

/**
 * Returns which flags were given to a command that takes only flags.
 *
 * @param names the flags that the command has, without their dashes
 * @throws UsageError for anything else
 */
export function parseFlags<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): Record<Name, boolean> {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, flag])),
    });
    return values as Record<Name, boolean>;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
