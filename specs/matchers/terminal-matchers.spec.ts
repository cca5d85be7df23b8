import { useContainer } from '../../src';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

describe('The matcher for terminals', () => {
  const box = useContainer({ scope: 'file' });

  it('waits until the terminal shows a text, or matches a pattern', async () => {
    const command = ['sh', '-c', 'echo starting; sleep 0.3; echo all is ready; read _'];
    await using terminal = await box.terminal({ command });

    await expect(terminal).toShow('all is ready');
    await expect(terminal).toShow(/^all .* ready$/m);
    await expect(terminal).not.toShow('failed');
  });

  it('waits with .not until the terminal no longer shows it', async () => {
    const command = ['sh', '-c', String.raw`printf working; sleep 0.3; printf '\r\033[Kdone'; read _`];
    await using terminal = await box.terminal({ command });
    await expect(terminal).toShow('working');

    await expect(terminal).not.toShow('working');

    expect(terminal.screen().text).toBe('done');
  });

  it('shows the screen in a frame if the text never appears', async () => {
    await using terminal = await box.terminal({
      command: ['sh', '-c', 'printf "Name: "; read _'],
      columns: 30,
    });
    await terminal.waitFor('Name: ');

    const message = await failureOf(expect(terminal).toShow('Password:', { timeout: 50 }));

    expect(message).toBe(
      [
        'expect(received).toShow(text)',
        '',
        'Expected: to show "Password:" within 50 ms',
        'Received: this screen',
        '',
        '╭──────────────────────────────╮',
        '│Name:                         │',
        '│⋯ 23 empty                    │',
        '╰─ 30x24, cursor at 6,0 ───────╯',
      ].join('\n'),
    );
  });

  it('does not wait for a program that has ended', async () => {
    await using terminal = await box.terminal({ command: ['echo', 'goodbye'] });

    const message = await failureOf(expect(terminal).toShow(/hello/, { timeout: 30_000 }));

    expect(message).toContain('Expected: to match /hello/ within 30000 ms');
    expect(message).toContain('Received: this screen; the program has ended');
    expect(message).toContain('│goodbye ');
  });

  it('says what should have gone, with .not', async () => {
    await using terminal = await box.terminal({ command: ['sh', '-c', 'printf busy; read _'] });
    await terminal.waitFor('busy');

    const message = await failureOf(expect(terminal).not.toShow('busy', { timeout: 50 }));

    expect(message).toContain('expect(received).not.toShow(text)');
    expect(message).toContain('Expected: not to show "busy" within 50 ms');
  });

  it('refuses what is not a terminal, and what no screen can show', async () => {
    await using terminal = await box.terminal({ command: ['cat'] });

    await expect(async () => expect('text').toShow('x')).rejects.toThrow('must be a terminal');
    await expect(async () => expect(terminal).toShow('')).rejects.toThrow('must be a string or a RegExp');
    await expect(async () => expect(terminal).not.toShow('x', { time: 1 } as never)).rejects.toThrow(
      'time is not an option. The options are timeout',
    );
  });
});
