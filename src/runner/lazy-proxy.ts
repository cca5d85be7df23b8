import { ContainerError } from '../container/errors';
import { currentTestObserver } from '../pool/test-observer';

/** What a lazy proxy forwards to, in the words of its error. */
export interface LazySource {
  /** `container` or `network`. */
  what: 'container' | 'network';
  /** The function that returned the proxy: `useContainer()`. */
  from: string;
  /** What to call outside of tests: `startContainer() or withContainer()`. */
  elsewhere: string;
  /** What to call in a concurrent test. */
  alone: string;
  /** Whether each test has its own. */
  isPerTest: boolean;
}

/**
 * Returns an object that forwards to what the running test has.
 *
 * @param currentValue returns that; undefined outside of tests
 * @param source for the error
 * @throws ContainerError `NO_CONTAINER`, when the object is used outside of tests, or in a concurrent test
 */
export function lazyProxy<Value extends object>(
  currentValue: () => Value | undefined,
  source: LazySource,
): Value {
  const current = (): Value => {
    // Hooks can't tell concurrent tests apart: there may be a value, but of another test.
    if (source.isPerTest && currentTestObserver()?.currentTest()?.concurrent === true)
      throwConcurrent(source);
    return currentValue() ?? throwOutsideTests(source);
  };
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

function throwConcurrent({ what, from, alone }: LazySource): never {
  throw new ContainerError(
    'NO_CONTAINER',
    `${from} has no ${what} for a test of test.concurrent: the hooks that start it can't tell concurrent tests ` +
      `apart. Call ${alone} in the test itself, or use scope: 'file'.`,
  );
}

function throwOutsideTests({ what, from, elsewhere, alone }: LazySource): never {
  throw new ContainerError(
    'NO_CONTAINER',
    `The ${what} of ${from} does not exist at this moment. It exists only inside tests, and inside beforeEach and ` +
      `afterEach hooks, of the describe block (or file) that called ${from}. With scope: 'file', it exists inside ` +
      `beforeAll hooks, too. Await everything that a test does with the ${what}. In test.concurrent, use ${alone}. Elsewhere, use ` +
      `${elsewhere}.`,
  );
}

/** Whether a property is one that printers and promises read of any object. */
function isInspection(name: string | symbol): boolean {
  return (
    typeof name === 'symbol' ||
    ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'constructor'].includes(name)
  );
}
