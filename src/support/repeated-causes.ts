import { inspect, types } from 'node:util';

/** What is printed instead of a cause's message that the error above has, too. */
const seeAbove = '(see the message above)';

/**
 * Returns what is to be printed of an error, so that a text is printed once: causes whose message is in an error above
 * keep their stack frames and fields, but not the message. The error and its causes stay as they are.
 */
export function withoutRepeats(error: Error): Error {
  return copyOf(error, {}, oneLine(error.message));
}

/** Makes an error's class print by {@link withoutRepeats}: `console.log(error)`, and what Node.js itself prints. */
export function printWithoutRepeats(errorClass: { prototype: Error }): void {
  Object.defineProperty(errorClass.prototype, inspect.custom, {
    value(this: Error, depth: number | null, options: object, print: typeof inspect) {
      // The copy is printed as any error is.
      const copy = Object.defineProperty(withoutRepeats(this), inspect.custom, { value: undefined });
      return print(copy, { ...options, depth });
    },
  });
}

/** @param above the messages above, each on one line */
function shown(nested: unknown, above: string): unknown {
  if (!types.isNativeError(nested)) return nested;
  const { message, stack } = nested;
  const text = oneLine(message);
  if (text === '' || !above.includes(text)) return copyOf(nested, {}, `${above}\n${text}`);
  const copy = copyOf(nested, { message: seeAbove, stack: stack?.replace(message, () => seeAbove) }, above);
  // dockerode keeps the engine's answer beside the message that it makes of the answer.
  if (text.endsWith(oneLine(messageIn(nested, 'json')))) Reflect.deleteProperty(copy, 'json');
  return copy;
}

/** Copies an error with other fields. The copy is a real error, as runners ask for before they print a cause. */
function copyOf(error: Error, changed: { message?: string; stack?: string }, above: string): Error {
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const nested = {
    ...('cause' in error && { cause: shown(cause, above) }),
    ...(Array.isArray(errors) && { errors: errors.map((each) => shown(each, above)) }),
  };
  const copy = new Error();
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
  // The stack is set in any case: as a getter, it would be that of the copy.
  for (const [name, value] of Object.entries({ stack: error.stack, ...changed, ...nested }))
    Object.defineProperty(copy, name, { value, enumerable: false });
  return copy;
}

/** Returns the message of the object in a field; an impossible end of a line if there is no such message. */
function messageIn(error: object, field: string): string {
  const { [field]: value } = error as Record<string, { message?: unknown } | null | undefined>;
  return typeof value?.message === 'string' ? value.message : '\0';
}

/** Messages are compared without their line breaks and indentation: some messages indent those of their causes. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
