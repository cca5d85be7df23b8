import { CommandError, ContainerError, startContainer, TerminalError, useContainer } from '../../src';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A terminal', () => {
  const box = useContainer({ scope: 'file' });

  it('shows the prompt of the image’s shell, as docker run -it does', async () => {
    await using terminal = await box.terminal();

    const screen = await terminal.waitForPrompt();

    expect(screen.text).toBe(`root@${box.hostname}:/#`);
    expect(screen.cursor).toEqual({ column: `root@${box.hostname}:/# `.length, row: 0, visible: true });
  });

  it('shows what is typed, and what the program makes of it', async () => {
    await using terminal = await box.terminal();
    await terminal.waitForPrompt();

    await terminal.type('echo $((6 * 7))\n');
    const screen = await terminal.waitForPrompt();

    expect(screen.lines.slice(0, 3)).toEqual([
      `root@${box.hostname}:/# echo $((6 * 7))`,
      '42',
      `root@${box.hostname}:/#`,
    ]);
  });

  it('is a real terminal to the program in it, of the size that was asked for', async () => {
    const command = ['sh', '-c', 'tty && stty size && echo $TERM'];
    await using terminal = await box.terminal({ command, columns: 200, rows: 50 });

    await terminal.exit;

    expect(terminal.screen().text).toMatch(/^\/dev\/pts\/\d+\n50 200\nxterm$/);
    expect(terminal.screen()).toMatchObject({ columns: 200, rows: 50 });
  });

  it('takes the user, the directory and the environment that it is given', async () => {
    const command = ['sh', '-c', 'echo "$(id -un) $(pwd) $COLOUR"'];
    await using terminal = await box.terminal({
      command,
      user: 'nobody',
      cwd: '/tmp',
      env: { COLOUR: 'blue' },
    });

    await terminal.waitFor('nobody /tmp blue');
  });

  it('tells the program when its size changes', async () => {
    await using terminal = await box.terminal();
    await terminal.waitForPrompt();

    await terminal.resize(100, 30);
    await terminal.type('stty size\n');

    await terminal.waitFor(/^30 100$/m);
    expect(terminal.screen()).toMatchObject({ columns: 100, rows: 30 });
  });

  it('gives the exit code once the program has ended and all is on the screen', async () => {
    await using terminal = await box.terminal({ command: ['sh', '-c', 'echo the end; exit 7'] });

    expect(await terminal.exit).toBe(7);

    expect(terminal.screen().text).toBe('the end');
  });

  it('passes Ctrl+C on to the running program, and Ctrl+D to the shell', async () => {
    await using terminal = await box.terminal();
    await terminal.waitForPrompt();
    await terminal.type("sh -c 'echo running; exec sleep 600'\n");
    await terminal.waitFor(/^running$/m);

    await terminal.press('Ctrl+C');
    await terminal.waitForPrompt();
    await terminal.type('echo $?\n');
    await terminal.waitFor(/^130$/m);
    await terminal.press('Ctrl+D');

    expect(await terminal.exit).toBe(0);
  });

  it('keeps what has scrolled off the screen, a picture of the rest, and the whole transcript', async () => {
    await using terminal = await box.terminal({ command: ['seq', '100'] });
    await terminal.exit;

    expect(terminal.screen().lines.slice(0, 2)).toEqual(['78', '79']);
    expect(terminal.scrollback().slice(0, 2)).toEqual(['1', '2']);
    expect(terminal.scrollback()).toHaveLength(77);
    expect(terminal.picture()).toMatch(/^<svg [^]*>100<\/text>\n[^]*<\/svg>\n$/);
    expect(terminal.transcript()).toMatch(/^1\r\n2\r\n[^]*\r\n100\r\n$/);
  });

  it('knows the colors and attributes of every character, the title, and the alternate screen', async () => {
    const draw = String.raw`printf '\033]0;a title\007\033[?1049h\033[H\033[1;31mR\033[0;38;5;200;4mP\033[0;48;2;1;2;3mT\033[0m\033[?25l'; read _`;
    await using terminal = await box.terminal({ command: ['sh', '-c', draw] });

    const screen = await terminal.waitFor('RPT');

    const [red, palette, exact] = screen.cells[0] ?? [];
    expect(red).toMatchObject({ text: 'R', foreground: 1, background: 'default', bold: true });
    expect(palette).toMatchObject({ text: 'P', foreground: 200, underline: true, bold: false });
    expect(exact).toMatchObject({ text: 'T', foreground: 'default', background: '#010203' });
    expect(screen).toMatchObject({ title: 'a title', alternate: true, cursor: { visible: false } });
  });

  it('marks pasted text only if the program has asked for it', async () => {
    const plain = ['sh', '-c', 'stty -echo; echo go; head -c 3 | od -c'];
    const asking = ['sh', '-c', String.raw`stty -echo raw; printf '\033[?2004hgo\r\n'; head -c 15 | od -c`];
    await using unmarked = await box.terminal({ command: plain });
    await using marked = await box.terminal({ command: asking });
    await Promise.all([unmarked.waitFor('go'), marked.waitFor('go')]);

    await unmarked.paste('ab\n');
    await marked.paste('a\nb');

    await unmarked.waitFor(/a +b +\\n/);
    await marked.waitFor(/033 +\[ +2 +0 +0 +~ +a +\\r +b +033 +\[ +2 +0 +1 +~/);
  });

  it('answers the questions that programs ask their terminal', async () => {
    const ask = String.raw`stty raw -echo; printf 'ab\033[6n'; head -c 6 | od -c`;
    await using terminal = await box.terminal({ command: ['sh', '-c', ask] });

    await terminal.waitFor(/033 +\[ +1 +; +3 +R/);
  });

  it('waits until the program is quiet', async () => {
    const command = ['sh', '-c', 'for n in 1 2 3 4 5; do echo $n; sleep 0.05; done; sleep 600'];
    await using terminal = await box.terminal({ command });

    const screen = await terminal.waitForIdle();

    expect(screen.text).toBe('1\n2\n3\n4\n5');
  });

  it('takes a line that it had to break at its edge for one, as well as for two', async () => {
    await using terminal = await box.terminal({
      command: ['sh', '-c', 'echo 0123456789abcdef; read _'],
      columns: 10,
    });

    await terminal.waitFor('0123456789abcdef');
    await terminal.waitFor('0123456789\nabcdef');
  });

  it('does not keep an expression’s place from one wait to the next', async () => {
    await using terminal = await box.terminal({ command: ['sh', '-c', 'echo ready; read _'] });
    const pattern = /ready/g;

    await terminal.waitFor(pattern);
    await terminal.waitFor(pattern);
  });

  it('ends the program and all it started when it is disposed of', async () => {
    {
      await using terminal = await box.terminal();
      await terminal.waitForPrompt();
      await terminal.type('sleep 4321 & sleep 4322\n');
      await poll(
        async () => (await box.sh`cat /proc/[0-9]*/cmdline | tr '\0' ' '`).stdout.includes('sleep 4322'),
        {
          for: 'the program to run',
          timeout: 5000,
        },
      );
    }

    const { stdout } = await box.sh`cat /proc/[0-9]*/cmdline | tr '\0' ' '`;
    expect(stdout).not.toContain('sleep 432');
  });

  it('sends a signal to the program', async () => {
    const script = "trap 'echo caught; exit 3' USR1; echo ready; while :; do sleep 0.05; done";
    await using terminal = await box.terminal({ command: ['sh', '-c', script] });
    await terminal.waitFor('ready');

    await terminal.kill('SIGUSR1');

    expect(await terminal.exit).toBe(3);
    expect(terminal.shows('caught')).toBe(true);
  });
});

describe('A terminal that can’t do what is asked', () => {
  const box = useContainer({ scope: 'file' });

  it('shows its screen in a frame if something does not appear in time', async () => {
    await using terminal = await box.terminal({
      command: ['sh', '-c', 'printf "Continue? [y/n] "; read _'],
      columns: 30,
      rows: 4,
    });
    await terminal.waitFor('[y/n] ');

    const error = await rejectionOf(terminal.waitFor('Done', { timeout: 50 }), TerminalError);

    expect(error.code).toBe('NOT_SHOWN');
    expect(error.message).toBe(
      [
        'The terminal did not show "Done" within 50 ms.',
        '',
        '╭──────────────────────────────╮',
        '│Continue? [y/n]               │',
        '│⋯ 3 empty                     │',
        '╰─ 30x4, cursor at 16,0 ───────╯',
      ].join('\n'),
    );
    expect(error.screen?.text).toBe('Continue? [y/n]');
  });

  it('says at once that the program has ended and will never show it', async () => {
    await using terminal = await box.terminal({ command: ['sh', '-c', 'echo oh no; exit 3'] });

    const error = await rejectionOf(terminal.waitFor('Done', { timeout: 30_000 }), TerminalError);

    expect(error.code).toBe('TERMINAL_ENDED');
    expect(error.message).toContain('ended with exit code 3');
    expect(error.message).toContain('│oh no');
    await expect(terminal.type('x')).rejects.toMatchObject({ code: 'TERMINAL_ENDED' });
  });

  it('says that the program was never quiet', async () => {
    await using terminal = await box.terminal({
      command: ['sh', '-c', 'while :; do echo on; sleep 0.01; done'],
    });

    await expect(terminal.waitForIdle({ timeout: 300 })).rejects.toMatchObject({ code: 'NOT_IDLE' });
  });

  it('shows its screen if the program does not end in time', async () => {
    await using terminal = await box.terminal({ command: ['sh', '-c', 'echo still here; exec sleep 600'] });
    await terminal.waitFor('still here');

    const error = await rejectionOf(terminal.waitForExit({ timeout: 50 }), TerminalError);

    expect(error.code).toBe('NOT_ENDED');
    expect(error.message).toContain('did not end within 50 ms');
    expect(error.message).toContain('│still here');
  });

  it('names what kept the program from starting', async () => {
    const start = (options: object) => rejectionOf(box.terminal(options), CommandError);

    expect(await start({ command: ['no-such-program'] })).toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
    expect(await start({ command: ['/tmp'] })).toMatchObject({ code: 'PROGRAM_NOT_EXECUTABLE' });
    expect(await start({ user: 'no-such-user' })).toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it.each([
    [{ columns: 1 }, 'columns must be a whole number from 2 to 1000; got 1.'],
    [{ rows: 0.5 }, 'rows must be a whole number from 1 to 1000; got 0.5.'],
    [
      { command: 'bash' },
      "command must be a list of a program and its arguments, such as ['less', '/etc/passwd']",
    ],
    [{ size: '80x24' }, /^size is not an option\. The options are cwd, env, user, command,/],
    [{ cwd: 'tmp' }, 'cwd must be an absolute path in the container'],
  ])('refuses the options %j', async (options, message) => {
    await expect(box.terminal(options as object)).rejects.toThrow(message);
  });

  it('refuses to wait for nothing', async () => {
    await using terminal = await box.terminal({ command: ['cat'] });

    await expect(terminal.waitFor('')).rejects.toThrow('must be a string or a RegExp');
    await expect(terminal.waitFor('x', { timeout: -1 })).rejects.toThrow('timeout must be a number');
  });
});

describe('An error of a terminal', () => {
  const box = useContainer({ scope: 'file', env: { API_TOKEN: 'hush-hush-1' }, redact: ['quiet please'] });

  it('has no secrets in it, in its message as little as on its screen, while the terminal has them', async () => {
    const command = ['sh', '-c', 'echo "$API_TOKEN $DB_PASSWORD, quiet please"; exec cat'];
    const env = { DB_PASSWORD: 'hush-hush-2' };
    await using terminal = await box.terminal({ command, env });
    await terminal.waitFor('quiet please');
    const failing = [
      terminal.waitFor('not hush-hush-1', { timeout: 10 }),
      terminal.waitForPrompt({ prompt: /not hush-hush-2/, timeout: 10 }),
      terminal.waitForIdle({ quiet: 1000, timeout: 10 }),
      terminal.waitForExit({ timeout: 10 }),
      terminal.press('quiet please'),
    ];

    const errors = await Promise.all(failing.map((work) => rejectionOf(work, TerminalError)));

    expect(errors.map(({ code }) => code)).toEqual([
      'NOT_SHOWN',
      'NOT_SHOWN',
      'NOT_IDLE',
      'NOT_ENDED',
      'UNKNOWN_KEY',
    ]);
    const texts = errors.map(({ message, stack, screen }) => [message, stack, JSON.stringify(screen)].join());
    expect(texts.join('\n')).not.toMatch(/hush-hush|quiet please/);
    expect(errors.map(({ message }) => message.includes('[redacted]'))).toEqual(Array(5).fill(true));
    expect(errors[0]?.message).toContain('did not show "not [redacted]" within 10 ms.\n\n╭');
    expect(errors[0]?.screen?.text).toMatch(/^\[redacted\] +\[redacted\] *, +\[redacted\]$/);
    expect(terminal.screen().text).toBe('hush-hush-1 hush-hush-2, quiet please');
  });

  it('has none either where the program has ended', async () => {
    const command = ['sh', '-c', 'echo quiet please'];
    await using terminal = await box.terminal({ command });
    await terminal.exit;

    const waiting = await rejectionOf(terminal.waitFor('never'), TerminalError);
    const typing = await rejectionOf(terminal.type('more'), TerminalError);

    for (const error of [waiting, typing]) {
      expect(error.code).toBe('TERMINAL_ENDED');
      expect(error.message).toContain("sh -c 'echo [redacted]' ended with exit code 0");
      expect(`${error.message}${JSON.stringify(error.screen)}`).not.toContain('quiet please');
    }
  });
});

describe('A terminal of a container that goes', () => {
  it('ends with it: waits fail, exit rejects, nothing hangs', async () => {
    const box = await startContainer();
    const terminal = await box.terminal();
    const exit = rejectionOf(terminal.exit, ContainerError);
    const wait = rejectionOf(terminal.waitFor('never', { timeout: 30_000 }), TerminalError);

    await box.remove();

    expect(await exit).toMatchObject({ code: 'CONTAINER_REMOVED' });
    expect(await wait).toMatchObject({ code: 'TERMINAL_ENDED' });
    await terminal[Symbol.asyncDispose]();
  });

  it('ends when it stops', async () => {
    await using box = await startContainer();
    await using terminal = await box.terminal();

    await box.stop();

    await expect(terminal.exit).rejects.toMatchObject({ code: 'CONTAINER_NOT_RUNNING' });
  });
});
