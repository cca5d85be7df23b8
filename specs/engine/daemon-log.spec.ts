import fc from 'fast-check';
import {
  logProblems,
  parseDaemonLog,
  parseDaemonLogLine,
  saysReady,
  type DaemonLogLine,
} from '../../src/engine/daemon-log';

describe('the format for a terminal', () => {
  it('has the level, the time and the message', () => {
    const line = parseDaemonLogLine('INFO[2023-05-15T20:58:52.526234875+09:00] Starting up');

    expect(line).toEqual({
      level: 'info',
      time: '2023-05-15T20:58:52.526234875+09:00',
      message: 'Starting up',
      fields: {},
      raw: 'INFO[2023-05-15T20:58:52.526234875+09:00] Starting up',
    });
  });

  it('has fields after the message, which is padded to a column', () => {
    const line = parseDaemonLogLine(
      'INFO[2023-05-15T20:58:53.1+09:00] Docker daemon                                 commit=94d3ad6 graphdriver=overlay2 version="23.0.5 (x)"',
    );

    expect(line).toMatchObject({
      message: 'Docker daemon',
      fields: { commit: '94d3ad6', graphdriver: 'overlay2', version: '23.0.5 (x)' },
    });
  });

  it('may have the seconds since the start for a time', () => {
    const line = parseDaemonLogLine('WARN[0012] Your kernel does not support swap memory limit');

    expect(line).toMatchObject({
      level: 'warning',
      time: '0012',
      message: 'Your kernel does not support swap memory limit',
    });
  });

  it('may be in color', () => {
    const line = parseDaemonLogLine('\u001b[36mINFO\u001b[0m[0000] Starting up   \u001b[36mid\u001b[0m=7');

    expect(line).toMatchObject({ level: 'info', message: 'Starting up', fields: { id: '7' } });
  });

  it('keeps a message that has an equals sign in it but no pairs at its end', () => {
    const line = parseDaemonLogLine('ERRO[0001] the setting a=b is not one of ours');

    expect(line).toMatchObject({ message: 'the setting a=b is not one of ours', fields: {} });
  });
});

describe('the format for files and pipes', () => {
  it('is made of pairs, with quotes around what is not one plain word', () => {
    const line = parseDaemonLogLine(
      'time="2026-11-24T11:14:51.9Z" level=info msg="serving..." address=/run/x.sock module=grpc',
    );

    expect(line).toMatchObject({
      level: 'info',
      time: '2026-11-24T11:14:51.9Z',
      message: 'serving...',
      fields: { address: '/run/x.sock', module: 'grpc' },
    });
  });

  it.each([
    [String.raw`a \"word\" in quotes`, 'a "word" in quotes'],
    [String.raw`a \\x41 that is no escape`, String.raw`a \x41 that is no escape`],
    [String.raw`two\nlines and a\ttab`, 'two\nlines and a\ttab'],
    [String.raw`\u00a0 and \U0001f433`, '\u00a0 and \u{1f433}'],
    [String.raw`\xe2\x82\xac in bytes`, '€ in bytes'],
    [String.raw`\U99999999 is no character`, String.raw`\U99999999 is no character`],
  ])('undoes the escapes of Go: %s', (quoted, message) => {
    expect(parseDaemonLogLine(`time="t" level=error msg="${quoted}"`)).toMatchObject({
      level: 'error',
      message,
    });
  });
});

it('keeps a line that is in neither format, without a level', () => {
  const lines = parseDaemonLog(
    'unable to configure the Docker daemon with file /x: EOF\n\ngoroutine 1 [running]:\n',
  );

  expect(lines).toEqual([
    expect.objectContaining({
      level: undefined,
      message: 'unable to configure the Docker daemon with file /x: EOF',
    }),
    expect.objectContaining({ level: undefined, message: 'goroutine 1 [running]:', fields: {} }),
  ]);
});

it.each([
  ['time="t" level=info msg="API listen on /var/run/docker.sock"', true],
  ['INFO[0002] API listen on [::]:2375', true],
  ['time="t" level=info msg="Daemon has completed initialization"', false],
  ['API listen on /var/run/docker.sock', false],
])('knows the line that says the engine is ready: %s', (raw, ready) => {
  expect(saysReady(parseDaemonLogLine(raw))).toBe(ready);
});

it('finds the lines that a person should see', () => {
  const lines = parseDaemonLog(
    ['INFO[0000] a', 'WARN[0000] b', 'DEBU[0000] c', 'FATA[0000] d', 'flag needs an argument'].join('\n'),
  );

  expect(logProblems(lines).map(({ message }) => message)).toEqual(['b', 'd', 'flag needs an argument']);
});

describe('whatever logrus prints, the parser gives back', () => {
  const level = fc.constantFrom('trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic');
  const key = fc
    .stringMatching(/^[a-z][a-zA-Z0-9_.()-]{0,12}$/)
    .filter((name) => !['time', 'level', 'msg'].includes(name));
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[\w/@.^+-]+$/));
  const fields = fc.dictionary(key, value, { maxKeys: 4 });
  const time = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());

  it('to a file', () => {
    fc.assert(
      fc.property(fc.record({ level, time, message: value, fields }), (line) => {
        const raw = formatForFile(line);
        expect(parseDaemonLogLine(raw)).toEqual({ ...line, raw });
      }),
    );
  });

  it('to a terminal', () => {
    const words = fc.array(fc.stringMatching(/^[\w:.,/-]+$/), { minLength: 1 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(fc.record({ level, time, message: words, fields }), (line) => {
        const raw = formatForTerminal(line);
        expect(parseDaemonLogLine(raw)).toEqual({ ...line, raw });
      }),
    );
  });

  it('and no text at all makes it fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        expect(parseDaemonLogLine(raw).raw).toBe(raw);
      }),
    );
  });
});

type Line = Pick<DaemonLogLine, 'message' | 'fields'> & { level: string; time: string };

function formatForFile({ level, time, message, fields }: Line): string {
  return [`time="${time}"`, `level=${level}`, `msg=${logrusValue(message)}`, ...pairs(fields)].join(' ');
}

function formatForTerminal({ level, time, message, fields }: Line): string {
  return [`${level.slice(0, 4).toUpperCase()}[${time}]`, message.padEnd(44), ...pairs(fields)].join(' ');
}

function pairs(fields: Record<string, string>): string[] {
  return Object.entries(fields).map(([key, value]) => `${key}=${logrusValue(value)}`);
}

/** logrus quotes what has anything but letters, digits and -._/@^+ in it. */
function logrusValue(value: string): string {
  return /^[a-zA-Z0-9\-._/@^+]*$/.test(value) ? value : goQuote(value);
}

/** As strconv.Quote: what does not print is escaped. */
function goQuote(value: string): string {
  const escaped = value.replace(/["\\]|[^\x20-\x7e]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}
