import fc from 'fast-check';

/** A command of any kind, as `box.run` takes it. It leaves the container as it was. */
export interface GeneratedCommand {
  file: string;
  args: string[];
  options: { env?: Record<string, string>; cwd?: string; user?: string; input?: Uint8Array };
}

/** Text with all that is special to shells, and characters whose bytes are special to some. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...Array.from(' \t\n\r\'"\\$`*?[]{}()<>|&;~#=%!^-')),
    fc.constantFrom(
      'a',
      'Z',
      '0',
      '/',
      '.',
      '\u0001',
      '\u007f',
      '\u0081',
      '\u0088',
      'é',
      'Á',
      '漢',
      '🫙',
      '\u2028',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((unit) => !unit.includes('\0')),
  ),
  maxLength: 40,
});

const shellWord = text.map((value) => `'${value.replaceAll("'", String.raw`'\''`)}'`);

const byteCount = fc.oneof(
  fc.nat(100),
  fc.nat(70_000),
  fc.constantFrom(0, 4095, 4096, 4097, 65_536, 1_000_000),
);

/** Pieces of a script. What it prints must not depend on process ids, on time, or on which stream is read first. */
const statement: fc.Arbitrary<string> = fc.oneof(
  shellWord.map((word) => `printf '%s' ${word}`),
  shellWord.map((word) => `printf '%s\\n' ${word} >&2`),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => `printf '${[...bytes].map(octal).join('')}'`),
  fc
    .tuple(byteCount, fc.boolean())
    .map(([count, error]) => `head -c ${count} /dev/zero${error ? ' >&2' : ''}`),
  byteCount.map((count) => `{ seq 20000 | head -c ${count} | tr 0-9 '\\200-\\211'; } 2>/dev/null`),
  fc.nat(255).map((code) => `(exit ${code})`),
  fc.nat(255).map((code) => `exit ${code}`),
  fc
    .constantFrom('HUP', 'INT', 'QUIT', 'KILL', 'TERM', 'PIPE', 'USR1', 'ABRT', 'SEGV')
    .map((name) => `kill -${name} $$`),
  fc.constantFrom('TERM', 'INT', 'HUP').map((name) => `kill -${name} 0`),
  fc.constantFrom(
    'cat',
    'wc -c',
    'head -c 3',
    'read -r a b; printf "%s|%s" "$a" "$b"',
    'exec <&-',
    'exec >&-',
    'exec 2>&-',
    'exec >/dev/null',
    'exec 2>&1',
    'exec 3>&1 4<&0',
    'set -e',
    'set -f',
    'set -u; echo "$unset"',
    'false',
    'cd /tmp; pwd',
    'cd /nowhere',
    'umask 077; umask',
    'ulimit -n 20; ulimit -n',
    'ulimit -f 1',
    'PATH=/nowhere; ls',
    'export IFS=a; echo $IFS',
    "trap 'echo bye' EXIT",
    "trap '' TERM HUP",
    "trap 'echo caught' TERM",
    'sleep 0.01 & wait',
    '(echo child; exit 3) & wait $!; echo $?',
    'nice true; echo $?',
    '{ env | sort; } 2>/dev/null',
    'id',
    'echo $0 $#',
    'no-such-program',
    '/etc/passwd',
    'echo $((1/0))',
    'if',
    'sh -c "echo inner; exit 5"; echo $?',
    '{ yes | head -n 3; } 2>/dev/null',
    'echo $PWD $OLDPWD $SHLVL $PPID_unset',
    '{ ls -l /proc/self/fd | wc -l; } 2>/dev/null',
  ),
);

const script = fc.array(statement, { minLength: 1, maxLength: 6 }).map((statements) => statements.join('\n'));

const program: fc.Arbitrary<[string, string[]]> = fc.oneof(
  { weight: 6, arbitrary: script.map((code): [string, string[]] => ['/bin/sh', ['-c', code]]) },
  { weight: 1, arbitrary: script.map((code): [string, string[]] => ['bash', ['-c', code]]) },
  {
    weight: 3,
    arbitrary: fc
      .array(text, { maxLength: 6 })
      .map((args): [string, string[]] => ['printf', ['[%s]', ...args]]),
  },
  { weight: 1, arbitrary: fc.tuple(text, fc.array(text, { maxLength: 2 })).filter(([file]) => file !== '') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<[string, string[]]>(
      ['true', []],
      ['false', []],
      ['cat', []],
      ['pwd', []],
      ['id', []],
      ['wc', ['-c']],
      ['printenv', ['A', 'HOME', 'PATH']],
      ['no-such-program', []],
      ['/no/such/program', []],
      ['./sh', ['-c', 'echo here']],
      ['/etc', []],
      ['/etc/passwd', ['x']],
      ['/usr/bin/../bin/printf', ['x']],
    ),
  },
);

const variables = fc.dictionary(
  fc.oneof(
    fc.constantFrom('A', 'LANG', 'HOME', 'PATH_2', 'x', '_a1'),
    fc.constantFrom('PATH', 'IFS', 'PWD', 'ENV', 'a.b'),
  ),
  text,
  { maxKeys: 3 },
);

const options = fc.record(
  {
    env: variables,
    cwd: fc.constantFrom('/', '/tmp', '/usr/bin', '/usr/../etc', '/root', '/no/where', '/etc/passwd', '/bin'),
    user: fc.constantFrom('root', 'nobody', '0', '1234', '1234:5678', 'nobody:audio', 'nobody-here'),
    input: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      byteCount.map((count) => new Uint8Array(count).map((_, at) => at & 255)),
    ),
  },
  { requiredKeys: [] },
);

export const generatedCommand: fc.Arbitrary<GeneratedCommand> = fc
  .tuple(program, fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: options }))
  .map(([[file, args], given]) => ({ file, args, options: given }));

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
