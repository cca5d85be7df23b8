import { useContainer } from '../../src';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

describe('The matchers for commands', () => {
  const box = useContainer({ scope: 'file' });

  it('take the promise of a result, failed or not', async () => {
    await expect(box.$`true`).toSucceed();
    await expect(box.$`false`).not.toSucceed();
    await expect(box.sh`exit 3`).toExitWith(3);
    await expect(box.sh`exit 3`).not.toExitWith(4);
    await expect(box.sh`echo hello; echo help >&2; exit 1`).toPrint('hello');
    await expect(box.sh`echo hello; echo help >&2; exit 1`).toPrintError(/^help$/);
    await expect(box.$`echo hello`).not.toPrint('goodbye');
    await expect(box.$`echo hello`).toPrint(expect.stringMatching(/^hel+o$/) as never);
  });

  it('take a result that is there, bytes as well as text', async () => {
    const result = await box.run('echo', ['hello'], { encoding: 'buffer' });

    await expect(result).toSucceed();
    await expect(result).toPrint('hello');
  });

  it('judge a result that is there at once: a forgotten await hides nothing', async () => {
    const result = await box.$`echo hello`;

    expect(() => void expect(result).toExitWith(1)).toThrow(/exit code 0/);
  });

  it('match a global pattern every time', async () => {
    const result = await box.$`echo hello`;
    const pattern = /hello/g;

    await expect(result).toPrint(pattern);
    await expect(result).toPrint(pattern);
  });

  it('refuse what is not a result', async () => {
    await expect(async () => expect('hello').toSucceed()).rejects.toThrow(/must be the result of a command/);
  });

  it('pass on an error that is not the command’s', async () => {
    await expect(async () => expect(Promise.reject(new Error('no engine'))).toSucceed()).rejects.toThrow(
      'no engine',
    );
  });
});

describe('A failing matcher for commands', () => {
  const box = useContainer({ scope: 'file' });

  it('says what ran, how it should have ended, how it did, and what it printed', async () => {
    const message = await failureOf(expect(box.sh`echo half done; echo disk full >&2; exit 3`).toSucceed());

    expect(message).toBe(
      [
        'expect(received).toSucceed()',
        '',
        "Command:  /bin/sh -c 'echo half done; echo disk full >&2; exit 3'",
        'Expected: exit code 0',
        'Received: exit code 3',
        '',
        'stderr:',
        '  disk full',
        '',
        'stdout:',
        '  half done',
      ].join('\n'),
    );
  });

  it('names what kept the command from running', async () => {
    const message = await failureOf(expect(box.$`no-such-program`).toExitWith(0));

    expect(message).toContain('Expected: exit code 0\nReceived: PROGRAM_NOT_FOUND');
  });

  it('shows the expected and the received output', async () => {
    const message = await failureOf(expect(box.$`echo hello there`).toPrint('goodbye'));

    expect(message).toContain('Expected stdout: to contain "goodbye"');
    expect(message).toContain('Received stdout: "hello there"');
  });

  it('says what was not expected, with .not', async () => {
    const message = await failureOf(expect(box.$`echo hello`).not.toPrint(/ell/));

    expect(message).toContain('expect(received).not.toPrint(/ell/)');
    expect(message).toContain('Expected stdout: not to match /ell/');
  });
});
