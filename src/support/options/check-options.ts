import { InvalidOptionError } from '../errors';
import { mostSimilar } from './similar';

/**
 * Throws an `InvalidOptionError` if an option can't have a value.
 *
 * @param name the option, as the caller wrote it
 */
export type OptionCheck = (name: string, value: unknown) => void;

/** A check for every option, so that an option without one does not compile. */
export type OptionChecks<Options> = Readonly<Record<keyof Options, OptionCheck>>;

/**
 * Refuses options that belljar does not know or can't use: a mistyped name would have no effect, and the caller would
 * not notice. An option that is undefined counts as not given.
 *
 * @param checks every option: `const checks = { timeout: milliseconds } satisfies OptionChecks<WaitOptions>`
 * @param owner the option that contains these: `healthCheck` makes messages begin with `healthCheck: timeout`
 * @throws InvalidOptionError
 */
export function checkOptions(
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  owner?: string,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(owner ?? 'The options', 'must be an object', options);
  }
  for (const [name, value] of Object.entries(options)) {
    const fullName = owner === undefined ? name : `${owner}: ${name}`;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw unknownOption(fullName, name, Object.keys(checks));
    if (value !== undefined) check(fullName, value);
  }
}

/** The message does not show the value: the name is wrong, and an unknown option may have a secret. */
function unknownOption(fullName: string, name: string, known: readonly string[]): InvalidOptionError {
  const similar = mostSimilar(name, known);
  const hint = similar.length === 0 ? '' : ` Did you mean ${similar.join(' or ')}?`;
  return new InvalidOptionError(fullName, `is not an option.${hint} The options are ${known.join(', ')}`);
}
