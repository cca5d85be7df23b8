import type { BelljarMatchers } from '../matchers/types';

/*
 * The matchers' types, for `expect` as a global (@types/jest) and from `@jest/globals`. A project gets them by
 * `import 'belljar/jest'` in any of its files, or by "types": ["node", "jest", "belljar/jest"] in tsconfig.json.
 */

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the name in @types/jest
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- merged
    interface Matchers<R, T = {}> extends BelljarMatchers {}
  }
}

declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- merged
  interface Matchers<R extends void | Promise<void>, T = unknown> extends BelljarMatchers {}
}
