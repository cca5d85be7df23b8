/* What `load.ts` does for a test file with belljar, which it has loaded outside of the file's sandbox. */
export { extendExpect } from './extend-expect';
export { useRunner } from './hooks';
