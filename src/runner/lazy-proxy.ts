import { ContainerError } from '../container/errors';

/**
 * An object that is, at any time, what the running test has.
 *
 * @param currentValue what that is; undefined outside of tests
 * @param source what the user called for it, such as `useContainer()`
 */
export function lazyProxy<Value extends object>(
  currentValue: () => Value | undefined,
  source: string,
): Value {
  const current = (): Value => currentValue() ?? complain(source);
  return new Proxy({} as Value, {
    get: (_, name): unknown =>
      isInspection(name) && currentValue() === undefined ? undefined : Reflect.get(current(), name),
    has: (_, name) => Reflect.has(current(), name),
    ownKeys: () => Reflect.ownKeys(currentValue() ?? {}),
    getOwnPropertyDescriptor: (_, name) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(currentValue() ?? {}, name);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}

function complain(source: string): never {
  throw new ContainerError(
    'NO_CONTAINER',
    `There is no container or network yet, or any more: use what ${source} returns only inside tests and beforeEach or ` +
      'afterEach hooks, and await everything done with it.',
  );
}

/** What printers and promises ask of any object, container or not. */
function isInspection(name: string | symbol): boolean {
  return (
    typeof name === 'symbol' ||
    ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'constructor'].includes(name)
  );
}
