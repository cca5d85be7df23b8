import { messageOf } from '../../src/support/errors';

/** The message of an assertion that fails, without colors. */
export async function failureOf(assertion: Promise<void>): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    // eslint-disable-next-line no-control-regex -- Jest's colors
    return messageOf(error).replaceAll(/\u001b\[\d*m/g, '');
  }
  throw new Error('Expected the assertion to fail.');
}
