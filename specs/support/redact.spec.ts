import fc from 'fast-check';
import { formatOptions } from '../../src/report/format-options';
import { formatCommandLog } from '../../src/report/format-command-log';
import { redactScreen } from '../../src/terminal/redact-screen';
import { toResult } from '../../src/command/describe';
import { CommandError, SpawnError } from '../../src/command/errors';
import { collectOutput } from '../../src/command/output';
import { printedCommand, withCommandOrigin } from '../../src/command/origin';
import { templateScript } from '../../src/command/template';
import type { CommandResult } from '../../src/command/result';
import { createCommandLog } from '../../src/command/log';
import { containerChecks } from '../../src/container/options';
import { checkOptions } from '../../src/support/options/check-options';
import { InvalidOptionError } from '../../src/support/errors';
import { createRedactor, type Redactor } from '../../src/support/secrets/redact';
import { isSecretName } from '../../src/support/secrets/names';
import { createEmulator } from '../../src/terminal/emulator';
import { formatScreen } from '../../src/terminal/frame';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

/** Begins and ends with what belljar itself never prints: where either is seen, so is a part of the secret. */
const begin = 'Zq';
const end = 'Xk';

/** Everything that some quoting or escaping treats in a way of its own. */
const secrets = fc
  .array(
    fc.constantFrom(
      ...Array.from(`'"\\$\`!*?[]{}()<>|&;#~ \t\n\r\u0007\u001b\u009b\u202e=%:,.^-/é漢💥abc123`),
      '\r\n',
    ),
    {
      minLength: 2,
      maxLength: 30,
    },
  )
  .map((characters) => `${begin}${characters.join('')}${end}`);

/** A command that was given a secret, as an argument and in a script, and that printed it in between. */
function leak(secret: string, redactor: Redactor, padding = 0): CommandResult {
  const script = templateScript({ raw: ['echo ', ' | cat'] }, [secret]);
  const argv = ['/bin/sh', '-c', script, secret, `--token=${secret}`];
  const output = collectOutput(Infinity);
  const text = `${'x'.repeat(padding)}${secret} and ${secret}\n${'y'.repeat(padding)}`;
  output.add('stdout', Buffer.from(text));
  output.add('stderr', Buffer.from(`it's "${secret}"\n`));
  const result = toResult(argv, {}, output, { exitCode: 3 }, 12) as CommandResult;
  return withCommandOrigin(result, argv, redactor);
}

describe('A secret', () => {
  it('is in no error, however belljar quotes and escapes what it prints', () => {
    fc.assert(
      fc.property(secrets, fc.constantFrom(0, 400, 19_990), (secret, padding) => {
        const result = leak(secret, createRedactor([secret]), padding);

        const error = new CommandError(result, `Command failed: ${printedCommand(result)}`, [
          `There is no program ${JSON.stringify(secret)} on the PATH.`,
        ]);
        const spawned = new SpawnError('NOT_PRINTED', `did not print ${JSON.stringify(secret)}`, result);

        expect(`${error.stack}${error.shortMessage}${spawned.message}`).not.toMatch(/Zq|Xk/);
        expect(error.stdout).toBe(result.stdout);
        expect(result.stderr).toContain(secret.trimEnd());
      }),
      { numRuns: 300 },
    );
  });

  it('is in no failure of a matcher', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, fc.constantFrom(0, 1990), async (secret, padding) => {
        const result = leak(secret, createRedactor([secret]), padding);
        const failing = [
          () => expect(result).toSucceed(),
          () => expect(result).toExitWith(0),
          () => expect(result).toPrint('something else'),
          () => expect(result).not.toPrint(secret.trim()),
          () => expect(result).toPrintError(`${secret}!`),
          () => expect(Promise.resolve(result)).toSucceed(),
        ];

        // What is there already is judged at once, and throws.
        const messages = await Promise.all(
          failing.map((assert) => failureOf(Promise.resolve().then(assert))),
        );

        expect(messages.join('\n')).not.toMatch(/Zq|Xk/);
      }),
      { numRuns: 100 },
    );
  });

  it('is not in the commands of a report, not even cut', () => {
    fc.assert(
      fc.property(secrets, fc.constantFrom(0, 3_995, 7_990), (secret, padding) => {
        const redactor = createRedactor([secret]);
        const transcript = createCommandLog(redactor);
        const result = leak(secret, redactor, padding);
        const argv = ['echo', `${'z'.repeat(padding)}${secret}`, secret];

        transcript
          .begin({
            argv,
            options: { env: { NAME: secret, API_KEY: secret } },
            spawned: false,
            soFar: undefined,
          })
          .end(result);
        transcript.begin({ argv: ['cat'], options: {}, spawned: true, soFar: () => result });

        // What is printed of an environment is by name; the whole report loses its secrets once more.
        expect(redactor.redact(formatCommandLog(transcript, redactor).join('\n'))).not.toMatch(/Zq|Xk/);
      }),
      { numRuns: 200 },
    );
  });

  it('is on no screen of a report, not even broken at the edge of the terminal', async () => {
    const printed = fc.string({
      unit: fc.constantFrom(...Array.from('abc123_-+:')),
      minLength: 2,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(printed, fc.integer({ min: 0, max: 60 }), async (middle, column) => {
        const secret = `${begin}${middle}${end}`;
        const emulator = createEmulator({ columns: 30, rows: 6, scrollback: 0, onReply: () => undefined });
        await emulator.write(Buffer.from(`${' '.repeat(column)}${secret} after`));

        const screen = redactScreen(emulator.screen(), createRedactor([secret]));

        expect(formatScreen(screen)).not.toMatch(/Zq|Xk/);
        expect(screen.text).not.toMatch(/Zq|Xk/);
        expect(screen.text.replaceAll('\n', '')).toContain('after');
      }),
      { numRuns: 100 },
    );
  });

  it('is found if it comes in pieces', () => {
    const { redactPieces } = createRedactor(['one secret', /\d{4}/]);

    expect(redactPieces(['a on', 'e se', 'cret b12', '', '34', 'c'])).toEqual([
      'a [redacted]',
      '',
      ' b[redacted]',
      '',
      '',
      'c',
    ]);
  });

  it('may be told by a pattern', () => {
    const { redact } = createRedactor([/token=\S+/, /^pin: .*$/m]);

    expect(redact('a token=abc b\npin: 12 34\nc')).toBe('a [redacted] b\n[redacted]\nc');
  });
});

describe('The variables that are secret by their names', () => {
  it.each([
    'DB_PASSWORD',
    'PGPASSWORD',
    'apiToken',
    'AWS_SECRET_ACCESS_KEY',
    'MYSQL_PWD',
    'my.credentials',
    'SSH_KEY',
  ])('include %s', (name) => expect(isSecretName(name)).toBe(true));

  it.each(['PATH', 'PWD', 'OLDPWD', 'MONKEY', 'KEYBOARD', 'TOKENIZER', 'COMPASS', 'LANG'])(
    'do not include %s',
    (name) => expect(isSecretName(name)).toBe(false),
  );

  it('have values that are taken out of everything, but for those that are in every text', () => {
    const redactor = createRedactor();

    redactor.addSecretsFrom({ API_TOKEN: 'abcd', PIN_KEY: '123', USE_TOKEN: 'true', LANG: 'C.UTF-8' });

    expect(redactor.redact('abcd 123 true C.UTF-8')).toBe('[redacted] 123 true C.UTF-8');
  });

  it('are not in a report’s list of options, however short they are', () => {
    expect(formatOptions({ env: { PIN_KEY: '123', LANG: 'C' }, redact: ['a', /b/], user: 'www' })).toEqual([
      "env: { LANG: 'C', PIN_KEY: '[redacted]' }",
      'redact: 2 given',
      "user: 'www'",
    ]);
  });

  it('are not in the error that refuses them', () => {
    const options = { LANG: 1, DB_PASSWORD: 'hush' } as unknown;

    expect(new InvalidOptionError('env', 'must be texts', options).message).toBe(
      "env must be texts; got { LANG: 1, DB_PASSWORD: '[redacted]' }.",
    );
  });
});

describe('The option redact', () => {
  it.each([['text'], [['']], [[42]], [{}]])('refuses %j', (redact) => {
    expect(() => checkOptions({ redact }, containerChecks)).toThrow(
      /^redact must be a list of strings and RegExps; got /,
    );
  });
});
