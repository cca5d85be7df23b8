import { checkOptions, type OptionChecks } from '../../src/support/options/check-options';
import {
  environment,
  milliseconds,
  must,
  namesAndStrings,
  oneOf,
} from '../../src/support/options/option-checks';
import { mostSimilar } from '../../src/support/options/similar';

interface Options {
  timeout?: number;
  encoding?: 'utf8' | 'buffer';
}

const checks = {
  timeout: milliseconds,
  encoding: oneOf(['utf8', 'buffer']),
} satisfies OptionChecks<Options>;

describe('Options', () => {
  it.each([{}, { timeout: 0 }, { timeout: undefined, encoding: 'buffer' }])('may be %j', (options) => {
    expect(() => checkOptions(options, checks)).not.toThrow();
  });

  it.each<[unknown, string]>([
    [{ timout: 5 }, 'timout is not an option. Did you mean timeout? The options are timeout, encoding.'],
    [{ color: 5 }, 'color is not an option. The options are timeout, encoding.'],
    [{ constructor: 5 }, 'constructor is not an option. The options are timeout, encoding.'],
    [{ toString: undefined }, 'toString is not an option. The options are timeout, encoding.'],
    [{ timeout: '5' }, "timeout must be a number of milliseconds, 0 or more; got '5'."],
    [{ timeout: null }, 'timeout must be a number of milliseconds, 0 or more; got null.'],
    [{ encoding: 'latin1' }, "encoding must be 'utf8' or 'buffer'; got 'latin1'."],
    [null, 'The options must be an object; got null.'],
    [5, 'The options must be an object; got 5.'],
    [['timeout'], "The options must be an object; got [ 'timeout' ]."],
  ])('may not be %j', (options, message) => {
    expect(() => checkOptions(options, checks)).toThrow(
      expect.objectContaining({ name: 'InvalidOptionError', code: 'INVALID_OPTION', message }) as Error,
    );
  });

  it('of an option are named after it', () => {
    expect(() => checkOptions({ timout: 5 }, checks, 'healthCheck')).toThrow(
      'healthCheck: timout is not an option. Did you mean timeout?',
    );
    expect(() => checkOptions(true, checks, 'healthCheck')).toThrow(
      'healthCheck must be an object; got true.',
    );
  });

  it('that are not known may be secret, so their values are not shown', () => {
    expect(() => checkOptions({ redcat: ['hush'] }, { redact: must('', () => true) })).toThrow(
      /^(?!.*hush).*redcat is not an option\. Did you mean redact\?/,
    );
  });

  it('that have no check do not compile', () => {
    // @ts-expect-error -- there is no check for encoding
    const incomplete = { timeout: milliseconds } satisfies OptionChecks<Options>;

    expect(incomplete).toBeDefined();
  });
});

describe('Variables', () => {
  it('are refused by name, without their values', () => {
    expect(() => environment('env', { '': 'hush' })).toThrow(
      "env has a name that no variable can have; got ''.",
    );
    expect(() => environment('env', { 'A=B': 'hush' })).toThrow(/got 'A=B'\.$/);
    expect(() => environment('env', { A: 'hush\0' })).toThrow(
      /^env: A must be a string without a NUL character\.$/,
    );
    expect(() => environment('env', { A: undefined })).toThrow(/^env: A must be a string/);
    expect(() => environment('env', 'A=hush')).toThrow(/^env must be an object of names and values\.$/);
    expect(() => namesAndStrings('labels', { '': '', A: 5 })).toThrow(/^labels: A must be a string\.$/);
  });
});

describe('What was probably meant', () => {
  it.each([
    ['moed', ['mode']],
    ['Mode', ['mode']],
    ['mod', ['mode']],
    ['modes', ['mode']],
    ['nope', []],
    ['onwer', ['owner']],
  ])('by %s is %j', (wanted, meant) => {
    expect(mostSimilar(wanted, ['mode', 'owner', 'group'])).toEqual(meant);
  });
});
