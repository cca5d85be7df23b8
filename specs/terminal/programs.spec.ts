import { useContainer } from '../../src';

/** Real interactive programs, as a person would use them: installed once, into the container of the whole file. */
describe('In a terminal', () => {
  const box = useContainer({ scope: 'file', network: 'bridge' });

  beforeAll(async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    // Nobody needs these files after a power cut: dpkg need not wait until each is on the disk.
    const options = ['-q', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-unsafe-io'];
    const packages = ['less', 'vim-tiny', 'procps', 'python3-minimal', 'whiptail', 'tzdata'];
    await box.$({ env })`apt-get update -q`;
    await box.$({ env })`apt-get install ${options} ${packages}`;
    // A package that a test installs on its terminal: how quick the network is, or the name servers that the package's
    // questions make it ask, is not the test's matter.
    await box.$({ env })`apt-get install ${options} --download-only krb5-config`;
    await box.disconnect();
    await box.sh`seq -f 'line %g' 500 >/tmp/lines`;
  }, 300_000);

  it('bash lets a line be edited before it runs', async () => {
    await using terminal = await box.terminal();
    await terminal.waitForPrompt();

    await terminal.type('ech hello wrld');
    await terminal.press(
      'Left',
      'Left',
      'Left',
      'o',
      'Home',
      'Right',
      'Right',
      'Right',
      'o',
      'End',
      'Ctrl+W',
    );
    await terminal.type('World');
    await terminal.press('Enter');

    await expect(terminal).toShow(/# echo hello World\nhello World\n/);
  });

  it('bash remembers what was typed before', async () => {
    await using terminal = await box.terminal({ env: { HISTFILE: '/dev/null' } });
    await terminal.waitForPrompt();
    await terminal.type('echo first\n');
    await terminal.waitForPrompt();
    await terminal.type('echo second\n');
    await terminal.waitForPrompt();

    await terminal.press('Ctrl+L', 'Up', 'Up', 'Enter');
    await expect(terminal).toShow(/# echo first\nfirst\n/);
    await terminal.waitForPrompt();
    await terminal.press('Ctrl+L', 'Ctrl+R');
    await terminal.type('sec');
    await expect(terminal).toShow(/reverse-i-search.*sec.*: echo second/);
    await terminal.press('Enter');

    await expect(terminal).toShow(/^second$/m);
  });

  it('less turns pages, searches, and gives the screen back', async () => {
    await using terminal = await box.terminal();
    await terminal.waitForPrompt();

    await terminal.type('less /tmp/lines\n');
    await expect(terminal).toShow(/^line 1\n/);
    expect(terminal.screen().alternate).toBe(true);
    await terminal.press('Space');
    await expect(terminal).toShow(/^line 24\n/);
    await terminal.type('/line 300\n');
    await expect(terminal).toShow(/^line 300\n/);
    const [found] = terminal.screen().cells[0] ?? [];
    expect(found).toMatchObject({ text: 'l', inverse: true });
    await terminal.press('q');

    await expect(terminal).not.toShow('line 300');
    await expect(terminal).toShow('less /tmp/lines');
    expect(terminal.screen().alternate).toBe(false);
  });

  it('vim writes a file', async () => {
    await using terminal = await box.terminal({ command: ['vi', '/tmp/poem'] });
    await expect(terminal).toShow('"/tmp/poem" [New');

    // On its way into insert mode, vi changes how it wants pasted text to be marked.
    await terminal.press('i');
    await terminal.waitForIdle();
    await terminal.paste('roses are red\nviolets are blue\n');
    await terminal.press('Escape');
    await terminal.type(':1s/roses/tulips/\n:wq\n');

    expect(await terminal.waitForExit()).toBe(0);
    expect(await box.files.read('/tmp/poem')).toBe('tulips are red\nviolets are blue\n\n');
  });

  it('top shows the processes, itself among them, until q is pressed', async () => {
    await using terminal = await box.terminal({ command: ['top'] });

    await expect(terminal).toShow(/^top - \d\d:\d\d:\d\d up/);
    await expect(terminal).toShow(/^ *\d+ root .* top$/m);
    const [heading] = terminal.screen().cells[6] ?? [];
    expect(heading).toMatchObject({ inverse: true });
    await terminal.press('q');

    expect(await terminal.waitForExit()).toBe(0);
  });

  it('python3 answers line by line, and is interrupted by Ctrl+C', async () => {
    await using terminal = await box.terminal({ command: ['python3'] });
    await expect(terminal).toShow(/^Python 3/);
    await expect(terminal).toShow(/^>>> $/m);

    await terminal.type('for n in (6, 7):\n  print(n * n)\n\n');
    await expect(terminal).toShow(/36\n49\n>>> $/m);
    await terminal.type('while True: pass\n\n');
    await expect(terminal).toShow(/^\.\.\. \n$/m);
    await terminal.press('Ctrl+C');
    await expect(terminal).toShow('KeyboardInterrupt\n>>> ');
    await terminal.type('exit(3)\n');

    expect(await terminal.waitForExit()).toBe(3);
  });

  it('Ctrl+C ends a running program, and the shell runs on', async () => {
    await using terminal = await box.terminal();
    await terminal.waitForPrompt();

    await terminal.type('tail -n 1 -f /tmp/lines\n');
    await expect(terminal).toShow(/^line 500$/m);
    await terminal.press('Ctrl+C');
    await terminal.waitForPrompt();
    await terminal.type('echo exit code $?\n');

    await expect(terminal).toShow(/^exit code 130$/m);
  });

  it('whiptail offers a menu, whose chosen line has another color', async () => {
    const items = ['red', 'like fire', 'green', 'like grass', 'blue', 'like the sea'];
    const menu = ['whiptail', '--menu', 'Which one?', '12', '40', '3', ...items];
    const script = `exec "$@" 2>/tmp/choice`;
    await using terminal = await box.terminal({ command: ['sh', '-c', script, 'sh', ...menu] });
    await expect(terminal).toShow(/red +like fire.*green +like grass/s);

    const screen = await terminal.waitForIdle();
    expect(backgroundOf(screen, 'red')).not.toEqual(backgroundOf(screen, 'green'));
    await terminal.press('Down', 'Enter');

    expect(await terminal.waitForExit()).toBe(0);
    expect(await box.files.read('/tmp/choice')).toBe('green');
  });

  it('passwd asks twice and shows nothing of what is typed', async () => {
    const before = await box.files.read('/etc/shadow');
    await using terminal = await box.terminal({ command: ['passwd', 'games'] });

    await terminal.waitFor('New password: ');
    await terminal.type('correct horse battery\n');
    await terminal.waitFor('Retype new password: ');
    await terminal.type('correct horse battery\n');

    await expect(terminal).toShow('password updated successfully');
    expect(await terminal.waitForExit()).toBe(0);
    expect(terminal.transcript()).not.toContain('horse');
    expect(await box.files.read('/etc/shadow')).not.toBe(before);
  });

  it('a program draws anew when the terminal becomes 200x50', async () => {
    await using terminal = await box.terminal({ command: ['less', '/tmp/lines'] });
    await expect(terminal).toShow(/line 23\n/);

    await terminal.resize(200, 50);

    await expect(terminal).toShow(/line 49\n/);
    await terminal.type('!stty size\n');
    await expect(terminal).toShow(/^50 200$/m);
  });

  it('dpkg-reconfigure asks its questions', async () => {
    await using terminal = await box.terminal({ command: ['dpkg-reconfigure', 'tzdata'] });

    await expect(terminal).toShow('Geographic area:', { timeout: 20_000 });
    await terminal.press('Home', 'Enter');
    await expect(terminal).toShow(/Time zone:[^]*Abidjan/, { timeout: 20_000 });
    await terminal.press('Home', 'Enter');

    expect(await terminal.waitForExit({ timeout: 20_000 })).toBe(0);
    await expect(terminal).toShow("Current default time zone: 'Africa/Abidjan'");
    await expect(box).toHaveSymlink('/etc/localtime', '/usr/share/zoneinfo/Africa/Abidjan');
  });

  it('apt-get install asks the questions of the package', async () => {
    const command = ['apt-get', 'install', '-y', '--no-install-recommends', 'krb5-config'];
    await using terminal = await box.terminal({ command });

    await expect(terminal).toShow('Default Kerberos version 5 realm', { timeout: 30_000 });
    await terminal.type('BELL.EXAMPLE\n');
    await expect(terminal).toShow('Kerberos servers for your realm');
    await terminal.type('one.bell.example\n');
    await expect(terminal).toShow('Administrative server for your Kerberos realm');
    await terminal.type('two.bell.example\n');

    expect(await terminal.waitForExit({ timeout: 20_000 })).toBe(0);
    await expect(box).toHaveFile('/etc/krb5.conf', { content: /default_realm = BELL\.EXAMPLE/ });
  });
});

function backgroundOf(
  { lines, cells }: { lines: readonly string[]; cells: readonly (readonly { background: unknown }[])[] },
  text: string,
): unknown {
  const row = lines.findIndex((line) => line.includes(` ${text} `));
  return cells[row]?.[lines[row]?.indexOf(text) ?? 0]?.background;
}
