import { useContainer } from '../../src';
import { dockerRun } from '../../tooling/containers/docker-run';

/**
 * Part 5 of the tutorial: `docker run -it ubuntu:20.04` starts a container and hands its shell over. `-i` keeps standard
 * input open, `-t` gives the shell a terminal; a person at a keyboard needs both.
 */
describe('5. docker run', () => {
  it('-it shows a prompt with the container’s short id, and does what is typed', async () => {
    await using shell = await dockerRun('-it');

    await shell.waitFor(`root@${shell.id}:/# `);
    shell.type('echo $((6 * 7))\n');

    await shell.waitFor('42\r\n');
    shell.type('exit 3\n');
    expect(await shell.exit()).toBe(3);
  });

  it('-i alone reads what comes in, and shows no prompt', async () => {
    await using shell = await dockerRun('-i');

    shell.type('echo $((6 * 7))\nexit 3\n');

    expect(await shell.exit()).toBe(3);
    expect(shell.output).toBe('42\n');
  });

  it('-t alone shows a prompt that cannot be typed into', async () => {
    await using shell = await dockerRun('-t');
    await shell.waitFor(`root@${shell.id}:/# `);

    shell.type('exit\n');
    await shell.exec('echo written to the terminal, by someone else >/proc/1/fd/1');

    await shell.waitFor('written to the terminal, by someone else');
    expect(shell.output).not.toContain('exit');
  });

  it('with neither, the shell has nothing to read and ends at once', async () => {
    await using shell = await dockerRun('');

    expect(await shell.exit()).toBe(0);

    expect(shell.output).toBe('');
  });
});

describe('5. The same with belljar', () => {
  const box = useContainer();

  it('is box.terminal(): the same prompt, on a screen to look at', async () => {
    await using terminal = await box.terminal();

    await expect(terminal).toShow(`root@${box.id.slice(0, 12)}:/#`);
    await terminal.type('ls /\n');
    await expect(terminal).toShow(/\bbin\b.*\busr\b/s);
    await terminal.type('exit\n');

    expect(await terminal.exit).toBe(0);
  });
});
