import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { CommandError, ContainerError, startContainer, useContainer, type Box } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { messageOf } from '../../src/support/errors';
import { poll } from '../../src/support/poll';
import { aboutProcess, processNumbers } from '../../tooling/machine/processes';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { itAsRootBesideEngine } from '../../tooling/spec-helpers/modes';

describe('A persistent shell', () => {
  const box = useContainer();

  it('is left alone for another by the first command after one whose child still holds its output', async () => {
    const before = await shellOf(box);

    await box.sh({ via: 'shell' })`(sleep 0.3; echo late; echo late >&2) & echo done`;

    const next = await box.sh({ via: 'shell' })`sleep 0.6; echo $PPID`;
    expect(next).toMatchObject({ stderr: '' });
    expect(next.stdout).toMatch(/^\d+$/);
    expect(next.stdout).not.toBe(before);
  });

  it('is left alone even if the child has hidden from its session and its parent', async () => {
    const before = await shellOf(box);

    await box.sh({
      via: 'shell',
    })`setsid sh -c 'sleep 30 & sleep 30' >/dev/null & (setsid setsid sleep 30 &) ; sleep 0.1`;

    expect(await shellOf(box)).not.toBe(before);
  });

  it('is left alone if the child belongs to another user, whose descriptors may not be seen', async () => {
    const before = await shellOf(box);

    await box.sh({ via: 'shell' })`setsid setpriv --reuid 12345 --clear-groups sleep 30 & sleep 0.2`;

    expect(await shellOf(box)).not.toBe(before);
  });

  it('stays if a child has let go of its output, as a daemon does', async () => {
    const before = await shellOf(box);

    const daemon = "setsid sh -c ': >/let-go; exec sleep 30' </dev/null >/dev/null 2>&1 &";
    await box.run('sh', ['-c', `${daemon} until [ -e /let-go ]; do sleep 0.01; done`], { via: 'shell' });

    expect(await shellOf(box)).toBe(before);
    expect(await commandLines(box)).toContain('sleep 30');
  });

  it('stays if other users and execs start processes meanwhile', async () => {
    const before = await shellOf(box);
    const controller = new AbortController();
    const options = { cancelSignal: controller.signal, reject: false };
    const others = Promise.all([
      box.run('sleep', ['60'], { ...options, via: 'exec', user: 'nobody' }),
      box.run('sleep', ['60'], { ...options, via: 'shell', user: 'nobody' }),
      box.run('sleep', ['60'], { ...options, via: 'exec' }),
    ]);
    await poll(async () => (await commandLines(box)).filter((line) => line === 'sleep 60').length === 3, {
      for: 'three processes of others',
      timeout: 30_000,
    });

    expect(await shellOf(box)).toBe(before);

    controller.abort();
    await others;
  });

  it('is replaced after a command that killed it, whose exit code is the one by exec', async () => {
    await shellOf(box);
    const suicide = ['-c', 'kill -9 $PPID; kill -9 0'];

    const byShell = await box.run('sh', suicide, { via: 'shell', reject: false });

    const byExec = await box.run('sh', suicide, { via: 'exec', reject: false });
    expect(byShell).toMatchObject({ signal: 'SIGKILL', code: byExec.code, exitCode: byExec.exitCode });
    await expect(box.run('echo', ['on'], { via: 'shell' })).toPrint('on');
  });

  it.each([
    ['all other processes', 'echo ran >>/ran; kill -9 -1; echo hm; exit 3', { exitCode: 3, stdout: 'hm' }],
    ['its parent', 'echo ran >>/ran; kill -9 $PPID; echo hm', { exitCode: 137, stdout: '' }],
    ['its group', 'echo ran >>/ran; kill 0; echo hm', { exitCode: 143, stdout: '' }],
    ['all others, by name', 'echo ran >>/ran; pkill -9 -o sleep; echo $?', { exitCode: 0 }],
  ])('is not used for a command that kills %s', async (_, script, expected) => {
    await shellOf(box);

    const result = await box.run('sh', ['-c', script], { reject: false });

    const byExec = await box.run('sh', ['-c', script], { via: 'exec', reject: false });
    expect(result).toMatchObject(expected);
    expect(result).toMatchObject({ exitCode: byExec.exitCode, stdout: byExec.stdout, stderr: byExec.stderr });
    await expect(box.$`cat /ran`).toPrint(/^ran\nran$/);
  });

  it('never guesses the exit code of a command that goes on without it, and never runs the command twice', async () => {
    await shellOf(box);
    const script = 'echo ran | tee -a /ran; k=kill; $k -9 $PPID; while :; do sleep 1; done';
    await box.files.write('/script', script);

    const error = await rejectionOf(box.$`sh /script`, CommandError);

    expect(error).toMatchObject({ code: 'SHELL_KILLED', exitCode: undefined, stdout: 'ran' });
    expect(error.message).toContain("{ via: 'exec' } runs it without such a shell.");
    await expect(box.$`cat /ran`).toPrint(/^ran$/);
    expect(await commandLines(box)).not.toContain('sleep 1');
  });

  it('is replaced when the user database has changed, so that a command is in the groups that it would be in', async () => {
    await expect(box.run('id', ['-Gn'], { via: 'shell', user: 'nobody' })).toPrint('nogroup');

    await box.$`usermod -aG audio nobody`;

    await expect(box.run('id', ['-Gn'], { via: 'shell', user: 'nobody' })).toPrint('nogroup audio');
  });

  it('is not used if the user database changed between the engine’s reading of it and its own', async () => {
    // With so little of a core, about a second lies between the two.
    await using slow = await startContainer({ cpus: 0.02 });
    const groups = await slow.files.read('/etc/group');
    const first = slow.run('true', [], { via: 'shell', user: 'nobody' });
    // For none, the engine has null, which its type leaves out.
    const execs = async (): Promise<string[] | null | undefined> => (await slow.docker.inspect()).ExecIDs;
    await poll(execs, { for: 'an exec', timeout: 10_000, interval: 10 });

    await slow.files.write('/etc/group', groups.replace(/^audio:.*$/m, '$&nobody'));

    await first;
    await expect(slow.run('id', ['-Gn'], { via: 'shell', user: 'nobody' })).toPrint('nogroup audio');
  });

  itAsRootBesideEngine('can still be opened after one that was killed before it could answer', async () => {
    // Its start takes about a second, in which it is killed from the outside.
    await using slow = await startContainer({ cpus: 0.02 });
    const first = slow.run('true', [], { via: 'shell', reject: false });
    const opening = await poll(() => processOf(slow, 'belljar_'), {
      for: 'a shell that is being opened',
      timeout: 10_000,
      interval: 5,
    });

    process.kill(opening, 'SIGKILL');

    await first;
    await expect(slow.run('echo', ['on'], { via: 'shell' })).toPrint('on');
  });

  it('serves a user that came later', async () => {
    await shellOf(box);

    await box.$`useradd --uid 4242 newcomer`;

    await expect(box.run('id', ['-u'], { via: 'shell', user: 'newcomer' })).toPrint('4242');
  });

  it('is opened again after a restart of the container', async () => {
    await shellOf(box);

    await box.restart();

    expect(Number(await shellOf(box))).toBeGreaterThan(0);
  });

  it('ends with its container, and a command with it', async () => {
    await shellOf(box);
    const outcome = rejectionOf(box.run('sleep', ['600'], { via: 'shell' }), ContainerError);
    await poll(async () => (await commandLines(box)).includes('sleep 600'), {
      for: 'sleep to run',
      timeout: 10_000,
    });

    await box.kill();

    expect(await outcome).toMatchObject({ code: 'CONTAINER_NOT_RUNNING' });
    expect(await rejectionOf(box.run('true', [], { via: 'shell' }), ContainerError)).toMatchObject({
      code: 'CONTAINER_NOT_RUNNING',
    });
  });

  it('takes no command while its container is paused, like an exec', async () => {
    await shellOf(box);
    await pauseAndHear(box);

    const error = await rejectionOf(box.run('touch', ['/ran']), ContainerError);

    await box.docker.unpause();
    expect(error.code).toBe('CONTAINER_NOT_RUNNING');
    expect(error.message).toContain('paused');
    await expect(box.run('ls', ['/ran'], { via: 'shell' })).not.toSucceed();
  });

  it.each([
    ['a promise', (container: Box['docker']) => container.pause()],
    [
      'a callback',
      (container: Box['docker']) =>
        new Promise((resolve, reject) => {
          container.pause((error, data) => (error ? reject(new Error(messageOf(error))) : resolve(data)));
        }),
    ],
  ])('takes no command at once after a pause through its own object, with %s', async (_, pause) => {
    await shellOf(box);
    await pause(box.docker);

    const error = await rejectionOf(box.run('touch', ['/ran']), ContainerError);

    await box.docker.unpause();
    expect(error.code).toBe('CONTAINER_NOT_RUNNING');
    expect(error.message).toContain('paused');
    await expect(box.run('ls', ['/ran'])).not.toSucceed();
  });

  it('takes none after a second pause either, which the engine refuses', async () => {
    await shellOf(box);
    await pauseAndHear(box);
    await expect(box.docker.pause()).rejects.toThrow(/already paused/);

    const error = await rejectionOf(box.run('touch', ['/ran']), ContainerError);

    await box.docker.unpause();
    expect(error.message).toContain('paused');
  });

  it('leaves the methods of the container’s own object as they are', async () => {
    await shellOf(box);

    expect(
      Object.keys(box.docker).filter((name) => typeof Reflect.get(box.docker, name) === 'function'),
    ).toEqual([]);
  });

  it('continues where it was when a container is paused and unpaused while a command runs', async () => {
    const script = ': >/begun; until [ -e /go ]; do sleep 0.01; done; echo done';
    const running = box.run('sh', ['-c', script], { via: 'shell' });
    await expect(
      box.run('sh', ['-c', 'until [ -e /begun ]; do sleep 0.01; done'], { via: 'exec' }),
    ).toSucceed();

    await pauseAndHear(box);
    await box.docker.unpause();

    await box.$`touch /go`;
    await expect(running).toPrint('done');
  });

  it('can be killed with everything of its command while all shells are busy', async () => {
    const busy = Array.from({ length: 4 }, () => box.run('sleep', ['600'], { timeout: 1500, reject: false }));

    const results = await Promise.all(busy);

    expect(results.map(({ exitCode, timedOut }) => ({ exitCode, timedOut }))).toEqual(
      Array(4).fill({ exitCode: 137, timedOut: true }),
    );
    expect(await commandLines(box)).not.toContain('sleep 600');
  });
});

describe('Many commands at once in one container', () => {
  const box = useContainer();

  it('have their own output and exit code each, through a few shells', async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const script = 'echo "err $1" >&2; echo "$1 $PPID"; exit "$1"';

    const results = await Promise.all(
      numbers.map((number) =>
        box.run('sh', ['-c', script, 'sh', String(number)], { via: 'shell', reject: false }),
      ),
    );

    expect(results.map(({ exitCode }) => exitCode)).toEqual(numbers);
    expect(results.map(({ stderr }) => stderr)).toEqual(numbers.map((number) => `err ${number}`));
    expect(results.map(({ stdout }) => stdout.split(' ')[0])).toEqual(numbers.map(String));
    const used = new Set(results.map(({ stdout }) => stdout.split(' ')[1]));
    // Four at once; one that can't tell a stranger's process from its own is replaced.
    expect(used.size).toBeLessThan(12);
  });

  it('do not wait for ever for commands that do not end', async () => {
    const endless = Array.from({ length: 6 }, () => box.run('sleep', ['5']));

    await expect(box.$`echo through`).toPrint('through');

    await Promise.all(endless);
  });
});

describe('The persistent shells of a container', () => {
  it('are opened by its first command, not before', async () => {
    await using box = await startContainer();
    expect(await shells(box)).toEqual([]);

    await box.$`true`;

    expect(await shells(box)).toHaveLength(1);
  });

  it('close their connections when it is removed', async () => {
    const before = connections();
    const box = await startContainer();
    await box.$`true`;
    await box.run('true', [], { user: 'nobody' });

    await box.remove();

    await poll(() => connections() <= before, { for: 'the connections to close', timeout: 5000 });
  });

  it('end when they are left alone, and another is opened ahead', async () => {
    await using box = await startContainer();
    await box.$`true`;
    const [first] = await shells(box);

    await box.run('sh', ['-c', 'sleep 60 &'], { via: 'shell' });

    const [second] = await poll(async () => onlyOther(await shells(box), first), {
      for: 'one shell in place of the other',
      timeout: 10_000,
    });
    expect(`/proc/${await shellOf(box)}/cmdline`).toBe(second);
  });
});

function onlyOther(found: string[], first: string | undefined): string[] | undefined {
  return found.length === 1 && found[0] !== first ? found : undefined;
}

/** The process id of the shell that a command goes through. */
async function shellOf(box: Box): Promise<string> {
  return (await box.run('/bin/sh', ['-c', 'echo $PPID'], { via: 'shell' })).stdout;
}

/** The process ids of all persistent shells. */
async function shells(box: Box): Promise<string[]> {
  const find = "grep -l 'belljar[_]fresh' /proc/[0-9]*/cmdline 2>/dev/null || true";
  const { stdout } = await box.run('/bin/sh', ['-c', find], { via: 'exec' });
  return stdout.split('\n').filter(Boolean);
}

/** The command line of every process in a container. */
async function commandLines(box: Box): Promise<string[]> {
  const script = "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null";
  const { stdout } = await box.run('/bin/sh', ['-c', script], { via: 'exec' });
  return stdout.split('\n').map((line) => line.trim());
}

/** How many connections to the engine are open. */
function connections(): number {
  return process.getActiveResourcesInfo().filter((resource) => /Pipe|TCPSocket/.test(resource)).length;
}

/**
 * Pauses a container, and waits until the engine has told those who listen: unpaused sooner, it may take its own late
 * news of the pause for a new one, and refuse commands for a moment.
 */
async function pauseAndHear({ id, docker: container }: Box): Promise<void> {
  const { docker } = await connectEngine();
  const events = await docker.getEvents({ filters: { container: [id], event: ['pause'] } });
  const heard = once(events, 'data');
  await container.pause();
  await heard;
  (events as unknown as Readable).destroy();
}

/** A process of a container, by its number on this machine, whose command line has a word in it. */
function processOf(box: Box, word: string): number | undefined {
  const isIt = (pid: string): boolean =>
    aboutProcess(pid, 'cgroup').includes(box.id) && aboutProcess(pid, 'cmdline').includes(word);
  const pid = processNumbers().find(isIt);
  return pid === undefined ? undefined : Number(pid);
}
