import { CommandError, useContainer, type Box } from '../../src';
import type { CommandOptions } from '../../src/command/options';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Everything that a process gets from its starter, except what the shell transport documents. */
const surroundings = `
  env -0 | sort -z | tr '\\0' '|'; echo
  pwd -P; umask; id; ulimit -a
  grep -E '^(Sig(Blk|Ign|Cgt)|Shd|Cap|NoNewPrivs|Seccomp|Groups|Cpus_allowed):' /proc/self/status
  for fd in /proc/$$/fd/*; do echo "\${fd##*/} $(readlink $fd | tr -d 0-9)"; done
  cat /proc/$$/oom_score_adj; tr '\\0' '|' </proc/$$/cmdline`;

describe('A command through the persistent shell', () => {
  const box = useContainer({ scope: 'file' });

  it.each<[string, CommandOptions]>([
    ['as it is', {}],
    ['with a working directory', { cwd: '/usr/share' }],
    [
      'with variables',
      { env: { GREETING: "it's $HOME\n\\n `id`", EMPTY: '', HOME: '/elsewhere', PATH: '/usr/bin:/bin' } },
    ],
    ['with variables that no shell can set', { env: { 'a.b': '1', PWD: '/x', _: 'y', IFS: 'z' } }],
    ['as another user', { user: 'nobody' }],
    ['as another user and group, by number', { user: '12345:54321' }],
    ['in a directory that only root may enter, as another user', { user: 'nobody', cwd: '/root' }],
  ])('gets the same surroundings as by exec, %s', async (_, options) => {
    const { stdout } = await box.run('/bin/sh', ['-c', surroundings], options);

    const byExec = await box.run('/bin/sh', ['-c', surroundings], { ...options, via: 'exec' });
    expect(stdout).toBe(byExec.stdout);
  });

  it('gets the same pipes and end of input as by exec', async () => {
    const look = 'readlink /proc/self/fd/0 | tr -d 0-9; cat; echo end';

    await expect(box.run('/bin/sh', ['-c', look], { via: 'shell' })).toPrint('/dev/null\nend');
    await expect(box.run('/bin/sh', ['-c', look], { via: 'exec' })).toPrint('/dev/null\nend');
    await expect(box.run('/bin/sh', ['-c', look], { via: 'shell', input: 'x' })).toPrint('pipe:[]\nxend');
    await expect(box.run('/bin/sh', ['-c', look], { via: 'exec', input: 'x' })).toPrint('pipe:[]\nxend');
  });

  it('is a child of the shell, which stays for the next', async () => {
    const first = await shellOf(box);

    expect(Number(first)).toBeGreaterThan(1);
    expect(await shellOf(box)).toBe(first);
  });

  it('has a shell for each user', async () => {
    const [own, other] = [await shellOf(box), await shellOf(box, { user: 'nobody' })];

    expect(other).not.toBe(own);
    expect(await shellOf(box, { user: 'nobody' })).toBe(other);
  });

  it.each([
    ['sets an option', 'set -e; set -f; set -u'],
    ['changes what the shell goes by', 'PATH=/nowhere; IFS=x; HOME=/x; export PATH IFS HOME'],
    ['sets traps', "trap '' TERM; trap 'echo trapped' EXIT"],
    ['sets limits', 'ulimit -n 10; ulimit -f 1; umask 777'],
    ['goes elsewhere', 'cd /tmp; alias true=false; true() { false; }; exec >/dev/null 2>&1 </dev/null'],
    ['closes its descriptors', 'exec 0<&- 1>&- 2>&- 3>&- 4>&-'],
    ['opens others', 'exec 3</etc/passwd 4>/dev/null 9</etc/group'],
    ['signals its process group', 'trap : TERM INT; kill -TERM 0; kill -INT 0; kill -HUP 0'],
    ['is killed', 'kill -9 $$'],
    ['reads all input', 'cat; cat; read x'],
    ['leaves a zombie', 'sh -c "sleep 0.05 & exec true" & sleep 0.1'],
  ])('does not reach the next one when it %s', async (_, script) => {
    const before = await box.run('/bin/sh', ['-c', surroundings], { via: 'shell' });

    await box.run('/bin/sh', ['-c', script], { via: 'shell', reject: false });

    const after = await box.run('/bin/sh', ['-c', surroundings], { via: 'shell' });
    expect(after.stdout).toBe(before.stdout);
  });

  it.each([
    ['a missing program', 'no-such-program', {}, 'PROGRAM_NOT_FOUND'],
    ['a missing path', '/opt/nothing', {}, 'PROGRAM_NOT_FOUND'],
    ['a missing relative path', './nothing', {}, 'PROGRAM_NOT_FOUND'],
    ['a directory', '/etc', {}, 'PROGRAM_NOT_EXECUTABLE'],
    ['no execute permission', '/etc/passwd', {}, 'PROGRAM_NOT_EXECUTABLE'],
    ['a missing interpreter', '/tmp/no-interpreter', {}, undefined],
    ['a file without a header', '/tmp/no-header', {}, undefined],
    ['an empty file', '/tmp/empty', {}, undefined],
    ['a missing directory', 'true', { cwd: '/no/where' }, 'DIRECTORY_NOT_FOUND'],
    ['a missing user', 'true', { user: 'nobody-here' }, 'USER_NOT_FOUND'],
    ['a PATH without it', 'ls', { env: { PATH: '/nowhere' } }, 'PROGRAM_NOT_FOUND'],
    ['a PATH that has it in a relative directory', 'ls', { cwd: '/', env: { PATH: 'bin' } }, undefined],
    ['a PATH with an empty directory', 'ls', { cwd: '/bin', env: { PATH: ':/nowhere' } }, undefined],
  ])('gives the same error as by exec for %s', async (_, file, options, code) => {
    const make =
      "printf '#!/no/interpreter\n' >no-interpreter; echo 'touch /ran' >no-header; : >empty; chmod 755 no-* empty";
    await box.run('/bin/sh', ['-c', make], { cwd: '/tmp' });

    const error = await rejectionOf(box.run(file, [], { ...options }), CommandError);

    const byExec = await rejectionOf(box.run(file, [], { ...options, via: 'exec' }), CommandError);
    expect(error.message).toBe(byExec.message);
    // Engines differ in what they call a program that the kernel refuses; the same engine does not.
    expect(error.code).toBe(code ?? byExec.code);
    await expect(box.$`ls /ran`).not.toSucceed();
  });

  it('leaves an empty HOME to the engine, which may set another', async () => {
    const env = { HOME: '' };

    const result = await box.run('printenv', ['HOME'], { env, reject: false });

    const byExec = await box.run('printenv', ['HOME'], { env, reject: false, via: 'exec' });
    expect(result).toMatchObject({ stdout: byExec.stdout, exitCode: byExec.exitCode });
    await expect(box.run('printenv', ['HOME'], { env, via: 'shell', reject: false })).resolves.toMatchObject({
      code: 'NOT_BY_SHELL',
    });
  });

  it('keeps every byte of every argument', async () => {
    const bytes = Array.from({ length: 0x180 }, (_, index) => String.fromCodePoint(index + 1)).join('');
    const args = [
      bytes,
      '',
      '-n',
      '--',
      "'",
      '"',
      '\\',
      '\\n',
      '$(id)',
      '`id`',
      '~',
      '*',
      '\n',
      '\n\n',
      'ü\u0081\u0088',
      '🫙',
      ' a  b ',
    ];

    const { stdout } = await box.run('printf', ['%s|', ...args], { via: 'shell', encoding: 'buffer' });

    expect(Buffer.from(stdout).toString()).toBe(args.map((arg) => `${arg}|`).join(''));
  });

  it.each([0, 1, 4096, 4097, 65_536, 3_000_000])(
    'hands over %i bytes of input, then its end',
    async (length) => {
      const input = Buffer.from(Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255));

      const { stdout } = await box.run('cat', [], { input, encoding: 'buffer', via: 'shell' });

      expect(Buffer.compare(Buffer.from(stdout), input)).toBe(0);
    },
  );

  it.each([100, 4096, 1_000_000])(
    'does not mind %i bytes of input that a command leaves unread',
    async (length) => {
      await expect(box.run('true', [], { input: Buffer.alloc(length), via: 'shell' })).toSucceed();
      await expect(box.run('cat', [], { via: 'shell' })).toPrint(/^$/);
    },
  );

  it('keeps standard output and error apart, and every byte of a long output', async () => {
    const script = 'head -c 5000000 /dev/zero & head -c 3000000 /dev/zero | tr "\\0" e >&2; wait';

    const { stdout, stderr } = await box.run('/bin/sh', ['-c', script], { via: 'shell', encoding: 'buffer' });

    expect(Buffer.from(stdout).equals(Buffer.alloc(5_000_000))).toBe(true);
    expect(Buffer.from(stderr).equals(Buffer.alloc(3_000_000, 'e'))).toBe(true);
  });

  it('leaves nothing behind in the container', async () => {
    await shellOf(box);
    const find = ['/tmp', '/run', '/var/tmp', '/dev/shm', '-newer', '/proc/1/stat', '-name', '*belljar*'];

    await expect(box.run('find', find)).toPrint(/^$/);
  });
});

describe('What a persistent shell can not carry', () => {
  const box = useContainer({ scope: 'file' });

  it.each<[string, string[], CommandOptions, RegExp]>([
    ['a variable that no shell can set', [], { env: { 'a.b': '1' } }, /can't set the variable a\.b/],
    ['a very long command line', ['x'.repeat(100_000)], {}, /longer than/],
  ])('goes by exec, or fails if a shell is asked for: %s', async (_, args, options, reason) => {
    await expect(box.run('true', args, options)).toSucceed();

    const error = await rejectionOf(box.run('true', args, { ...options, via: 'shell' }), CommandError);
    expect(error.code).toBe('NOT_BY_SHELL');
    expect(error.message).toMatch(reason);
  });
});

describe('A container without /bin/sh', () => {
  const box = useContainer();

  it('runs every command by exec', async () => {
    await box.run('mv', ['/bin/sh', '/bin/gone'], { via: 'exec' });

    await expect(box.$`echo still`).toPrint('still');
    const error = await rejectionOf(box.run('true', [], { via: 'shell' }), CommandError);

    expect(error.code).toBe('NOT_BY_SHELL');
  });
});

describe('A container whose /bin/sh is bash', () => {
  const box = useContainer({ scope: 'file' });

  it('has persistent shells all the same', async () => {
    await box.run('ln', ['-sf', 'bash', '/bin/sh'], { via: 'exec' });

    const { stdout } = await box.run('sh', ['-c', surroundings], {
      via: 'shell',
      cwd: '/usr',
      env: { A: "'\n" },
    });

    const byExec = await box.run('sh', ['-c', surroundings], { via: 'exec', cwd: '/usr', env: { A: "'\n" } });
    expect(stdout).toBe(byExec.stdout);
    expect(await shellOf(box)).toBe(await shellOf(box));
  });
});

/** The process id of the shell that a command goes through. */
async function shellOf(box: Box, options: CommandOptions = {}): Promise<string> {
  const { stdout } = await box.run('/bin/sh', ['-c', 'echo $PPID'], {
    ...options,
    encoding: 'utf8',
    via: 'shell',
  });
  return stdout;
}
