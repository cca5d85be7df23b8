import { Readable } from 'node:stream';
import { CommandError, ContainerError, useContainer, type Box } from '../../src';
import { poll } from '../../src/support/poll';
import { itBesideEngine, itElsewhere } from '../../tooling/spec-helpers/modes';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/* `npm run test:elsewhere` runs these where nothing can be stopped from outside of the container. */

describe('What stops one process', () => {
  const box = useContainer();
  const family = ['sh', '-c', 'sleep 7771 & (setsid sleep 7772 & sleep 7773)'] as const;
  const [file, ...args] = family;

  beforeEach(async () => {
    await box.spawn('sleep', ['6666']);
  });

  /** Only the other process is left, and it is still the same container. */
  const expectOthersAlone = async (): Promise<void> => {
    expect((await commandLines(box)).filter((line) => /^sleep [67]/.test(line))).toEqual(['sleep 6666']);
  };

  it('is to leave the block of a spawned process', async () => {
    {
      await using process = await box.spawn(file, args);
      await running(box, 'sleep 7773');
      expect(process.ended).toBe(false);
    }

    await expectOthersAlone();
  });

  it('is to leave the block of a terminal', async () => {
    {
      await using terminal = await box.terminal({ command: [...family] });
      await running(box, 'sleep 7773');
      expect(terminal.ended).toBe(false);
    }

    await expectOthersAlone();
  });

  it.each([
    ['a time limit', { timeout: 400 }, 'TIMED_OUT'],
    ['a signal', () => ({ cancelSignal: AbortSignal.timeout(400) }), 'CANCELED'],
    ['a limit of its output', { maxBuffer: 10 }, 'MAX_BUFFER'],
    ['a time limit, with streamed input', () => ({ timeout: 400, input: endless() }), 'TIMED_OUT'],
    ['a time limit, as another user', { timeout: 400, user: 'nobody', cwd: '/tmp' }, 'TIMED_OUT'],
  ])('is %s of a command by exec', async (_, options, code) => {
    const given = typeof options === 'function' ? options() : options;
    const print = 'sleep 7771 & (setsid sleep 7772 & sleep 7773) & echo more than ten bytes; sleep 7774';

    const error = await rejectionOf(box.run('sh', ['-c', print], { ...given, via: 'exec' }), CommandError);

    expect(error.code).toBe(code);
    await expectOthersAlone();
  });

  it('is a signal to a spawned process', async () => {
    const script = "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
    const process = await box.spawn('sh', ['-c', script], { user: 'nobody' });
    await process.waitForOutput('ready');

    await process.kill('SIGTERM');

    expect(await process.exit).toMatchObject({ exitCode: 3, stdout: 'ready\nbye' });
    await expectOthersAlone();
  });

  it('is a signal to the program of a terminal', async () => {
    const terminal = await box.terminal({
      command: ['sh', '-c', "trap 'exit 4' INT; while :; do sleep 0.05; done"],
    });
    await terminal.kill('SIGINT');

    expect(await terminal.exit).toBe(4);
    await expectOthersAlone();
  });

  it('does nothing if the process has ended', async () => {
    const process = await box.spawn('true');
    await process.exit;

    await process.kill();
    await process.kill('SIGTERM');

    await expectOthersAlone();
  });
});

describe('A program in a container without a shell', () => {
  const box = useContainer();

  beforeEach(() => box.$`mv /bin/sh /bin/no-sh`);

  itElsewhere('is not started if belljar could not stop it alone', async () => {
    const errors = await Promise.all([
      rejectionOf(box.spawn('sleep', ['777']), ContainerError),
      rejectionOf(box.terminal({ command: ['sleep', '777'] }), ContainerError),
      rejectionOf(box.run('sleep', ['777'], { timeout: 5000, via: 'exec' }), ContainerError),
      rejectionOf(
        box.run('sleep', ['777'], { cancelSignal: new AbortController().signal, via: 'exec' }),
        ContainerError,
      ),
    ]);

    expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('PROCESS_NOT_SEEN'));
    expect(errors[0].message).toMatch(
      /^sleep was not started in container .*, because belljar could not stop it without killing the whole container/,
    );
    await expect(box.run('true', [], { via: 'exec' })).toSucceed();
  });

  itElsewhere('is not started either for another reason, which is said', async () => {
    const start = (options: object) => rejectionOf(box.spawn('sleep', ['777'], options), CommandError);

    expect(await start({ cwd: '/no/such/directory' })).toMatchObject({ code: 'DIRECTORY_NOT_FOUND' });
    expect(await start({ user: 'nobody-else' })).toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  itBesideEngine('runs if belljar sees its process', async () => {
    const process = await box.spawn('sleep', ['777']);

    expect(process.ended).toBe(false);
  });
});

async function running(box: Box, line: string): Promise<void> {
  await poll(async () => (await commandLines(box)).includes(line), { for: line, timeout: 10_000 });
}

function endless(): Readable {
  return new Readable({ read: () => undefined });
}

/** The command line of every process in a container. */
async function commandLines(box: Box): Promise<string[]> {
  const { stdout } = await box.sh`for p in /proc/[0-9]*; do tr '\0' ' ' <$p/cmdline; echo; done 2>/dev/null`;
  return stdout.split('\n').map((line) => line.trim());
}
