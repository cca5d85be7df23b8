import { CommandError, InvalidOptionError, useContainer, type CommandOptions } from '../../src';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('Running a command', () => {
  const box = useContainer({ scope: 'file' });

  it('gives what it printed, how it ended and how long it took', async () => {
    const result = await box.sh`echo out; echo err >&2`;

    expect(result).toMatchObject({
      command: '/bin/sh -c echo out; echo err >&2',
      escapedCommand: "/bin/sh -c 'echo out; echo err >&2'",
      exitCode: 0,
      signal: undefined,
      stdout: 'out',
      stderr: 'err',
      failed: false,
      timedOut: false,
      isCanceled: false,
      isMaxBuffer: false,
      code: undefined,
    });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it('passes every interpolation on as one argument, without a shell', async () => {
    const { stdout } = await box.$`printf ${'[%s]'} ${'a b'} ${'$HOME'} ${['*', '']} ${'; exit 1'}`;

    expect(stdout).toBe('[a b][$HOME][*][][; exit 1]');
  });

  it('quotes every interpolation for a shell', async () => {
    const { stdout } = await box.sh`printf '[%s]' ${"it's"} ${'$(id)'} | tr a-z A-Z`;

    expect(stdout).toBe("[IT'S][$(ID)]");
  });

  it('takes a program and its arguments as a list', async () => {
    const { stdout } = await box.run('printf', ['%s|', 'ünï', 'two\nlines']);

    expect(stdout).toBe('ünï|two\nlines|');
  });

  it('takes options on every call, or bound to the template', async () => {
    const inTmp = box.$({ cwd: '/tmp', env: { GREETING: 'hello there' } });

    await expect(inTmp`pwd`).toPrint(/^\/tmp$/);
    await expect(inTmp`printenv GREETING`).toPrint('hello there');
    await expect(box.run('id', ['-un'], { user: 'nobody' })).toPrint('nobody');
  });

  it('keeps the environment of the container and adds to it', async () => {
    const { stdout } = await box.run('env', [], { env: { ADDED: 'a=b c' } });

    expect(stdout.split('\n')).toEqual(expect.arrayContaining(['ADDED=a=b c', `HOSTNAME=${box.hostname}`]));
  });

  it('drops one newline at the end of the output, unless asked not to', async () => {
    expect((await box.run('printf', ['a\n\n'])).stdout).toBe('a\n');
    expect((await box.run('printf', ['a\n\n'], { stripFinalNewline: false })).stdout).toBe('a\n\n');
  });

  it('gives both outputs together in the order they came', async () => {
    const result = await box.sh`echo 1; sleep 0.3; echo 2 >&2; sleep 0.3; echo 3`;

    expect(result.all).toBe('1\n2\n3');
  });

  it('hands over any bytes on standard input, and then its end', async () => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

    const { stdout } = await box.run('cat', [], { input: everyByte, encoding: 'buffer' });

    expect(Buffer.from(stdout)).toEqual(everyByte);
  });

  it('gives a command without input the end of its standard input at once', async () => {
    await expect(box.$`cat`).toSucceed();
  });

  it('does not mind a command that leaves its input unread', async () => {
    await expect(box.run('true', [], { input: 'x'.repeat(1_000_000) })).toSucceed();
  });

  it('runs fifty commands at once, each with its own output', async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);

    const results = await Promise.all(numbers.map((number) => box.$`echo ${number}`));

    expect(results.map(({ stdout }) => stdout)).toEqual(numbers.map(String));
  });
});

describe('A command that fails', () => {
  const box = useContainer({ scope: 'file' });

  it('rejects with an error that has the whole result', async () => {
    const error = await rejectionOf(box.sh`echo half done; echo disk full >&2; exit 3`, CommandError);

    expect(error).toMatchObject({
      name: 'CommandError',
      code: 'EXIT_CODE',
      exitCode: 3,
      stdout: 'half done',
      stderr: 'disk full',
      failed: true,
    });
  });

  it('says which command, how it ended, in which container, and the last that it printed', async () => {
    const error = await rejectionOf(box.sh`echo half done; echo disk full >&2; exit 3`, CommandError);

    expect(error.message.replaceAll(box.id.slice(0, 12), 'ID').replaceAll(box.image.reference, 'IMAGE')).toBe(
      [
        "Command failed with exit code 3: /bin/sh -c 'echo half done; echo disk full >&2; exit 3'",
        'in container ID (IMAGE)',
        '',
        'stderr:',
        '  disk full',
        '',
        'stdout:',
        '  half done',
      ].join('\n'),
    );
  });

  it('has a short message for a long command, and the whole command in its result', async () => {
    const long = 'x'.repeat(100_000);

    const error = await rejectionOf(box.run('ls', [`/${long}`]), CommandError);

    expect(error.message.length).toBeLessThan(3000);
    expect(error.shortMessage).toMatch(/^Command failed with exit code 2: ls \/x+… \(100,001 characters\)$/);
    expect(error.command).toBe(`ls /${long}`);
    const many = await rejectionOf(box.run('false', Array(9000).fill('argument')), CommandError);
    expect(many.message.length).toBeLessThan(5000);
    expect(many.message).toContain('… (81,005 characters)');
  });

  it('shows only the last lines of a long output, and no escape sequence as it is', async () => {
    const error = await rejectionOf(box.sh`seq 1000; printf ${'\u001b[2Jgone'}; exit 1`, CommandError);

    expect(error.message).toContain('stdout (last 20 lines):\n  982\n');
    expect(error.message).toContain(String.raw`\u001b[2Jgone`);
  });

  it('resolves like any other with reject: false', async () => {
    const result = await box.run('sh', ['-c', 'exit 7'], { reject: false });

    expect(result).toMatchObject({ exitCode: 7, failed: true, code: 'EXIT_CODE' });
  });

  it('names the signal that ended it', async () => {
    const result = await box.run('sh', ['-c', 'kill -TERM $$'], { reject: false });

    expect(result).toMatchObject({ exitCode: 143, signal: 'SIGTERM' });
  });

  it.each([
    [
      'a program that is not there',
      'no-such-program',
      {},
      'PROGRAM_NOT_FOUND',
      /no program "no-such-program" on the PATH/,
    ],
    ['a path that is not there', '/opt/nothing', {}, 'PROGRAM_NOT_FOUND', /no program "\/opt\/nothing"/],
    [
      'a file that is no program',
      '/etc/passwd',
      {},
      'PROGRAM_NOT_EXECUTABLE',
      /"\/etc\/passwd" exists but may not/,
    ],
    ['a directory in place of a program', '/etc', {}, 'PROGRAM_NOT_EXECUTABLE', /a directory/],
    [
      'a working directory that is not there',
      'true',
      { cwd: '/no/where' },
      'DIRECTORY_NOT_FOUND',
      /"\/no\/where"/,
    ],
    [
      'a file as the working directory',
      'true',
      { cwd: '/etc/passwd' },
      'DIRECTORY_NOT_FOUND',
      /is not a directory/,
    ],
    [
      'a user that is not there',
      'true',
      { user: 'nobody-here' },
      'USER_NOT_FOUND',
      /no user or group "nobody-here"/,
    ],
    [
      'a group that is not there',
      'true',
      { user: 'root:nogroup-here' },
      'USER_NOT_FOUND',
      /root:nogroup-here/,
    ],
  ])('says so for %s', async (_, file, options, code, message) => {
    const error = await rejectionOf(box.run(file, [], options), CommandError);

    expect(error).toMatchObject({ code, exitCode: undefined, stdout: '', stderr: '' });
    expect(error.message).toMatch(message);
  });

  it('has its own reason if others fail for other reasons at the same time', async () => {
    const codeOf = async (file: string): Promise<string | undefined> =>
      (await box.run(file, { via: 'exec', reject: false })).code;
    const [missing, directory] = ['PROGRAM_NOT_FOUND', 'PROGRAM_NOT_EXECUTABLE'];

    for (let round = 0; round < 10; round += 1) {
      const codes = await Promise.all(['/etc', 'nothing', '/etc', 'nothing'].map(codeOf));

      expect(codes).toEqual([directory, missing, directory, missing]);
    }
  });

  it('is not mistaken for a missing program when it prints the same words', async () => {
    const words = 'OCI runtime exec failed: exec failed: executable file not found in $PATH';

    const result = await box.run('sh', ['-c', `echo ${JSON.stringify(words)}; exit 126`], { reject: false });

    expect(result).toMatchObject({ exitCode: 126, code: 'EXIT_CODE' });
  });

  it.each<[string, string, string[], CommandOptions, RegExp]>([
    ['an empty program', '', [], {}, /the program must not be empty/],
    ['a NUL character', 'echo', ['a\0b'], {}, /argument 1 must not hold a NUL/],
    ['an argument that is no string', 'echo', [7 as never], {}, /argument 1 must be a string/],
    ['a relative working directory', 'true', [], { cwd: 'tmp' }, /cwd must be an absolute path/],
    ['a negative timeout', 'true', [], { timeout: -1 }, /timeout must be a number of milliseconds/],
    [
      'a variable with an equals sign',
      'true',
      [],
      { env: { 'A=B': '1' } },
      /env has a name that no variable can have; got 'A=B'/,
    ],
    [
      'an unknown option',
      'true',
      [],
      { timeOut: 5 } as CommandOptions,
      /timeOut is not an option\. Did you mean timeout\?/,
    ],
    [
      'an unknown encoding',
      'true',
      [],
      { encoding: 'latin1' as never },
      /encoding must be 'utf8' or 'buffer'/,
    ],
  ])('is refused before it runs for %s', async (_, file, args, options, message) => {
    const error = await rejectionOf(box.run(file, args, options), InvalidOptionError);

    expect(error.message).toMatch(message);
  });

  it('takes its options without arguments too, as with execa', async () => {
    const result = await box.run('cat', { input: 'no arguments' });

    expect(result.stdout).toBe('no arguments');
    await using spawned = await box.spawn('pwd', { cwd: '/tmp' });
    expect((await spawned.exit).stdout).toBe('/tmp');
  });

  it('is refused with a text for its arguments, which would be taken apart letter by letter', async () => {
    const error = await rejectionOf(box.run('ls', '-l' as never), InvalidOptionError);

    expect(error.message).toBe("args must be an array of strings, as in run('ls', ['-l']); got '-l'.");
  });
});
