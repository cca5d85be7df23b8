import type { Box } from '../../src';
import { ContainerError, startContainer } from '../../src';
import { requireRunning } from '../../src/container/container-state';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Prints, and ends with 3 once it is told to. */
const command = [
  'sh',
  '-c',
  'echo fatal: the config is missing >&2; until [ -e /end ]; do sleep 0.05; done; exit 3',
];

/** Everything that needs a running container. */
const uses: [name: string, use: (box: Box) => Promise<unknown>][] = [
  ['run()', (box) => box.run('true')],
  ['run() by exec', (box) => box.run('true', [], { via: 'exec' })],
  ['a template', (box) => box.sh`true`],
  ['spawn()', (box) => box.spawn('true')],
  ['terminal()', (box) => box.terminal()],
];

describe('A container that has ended', () => {
  it('fails what needs it with its exit code and the end of its log', async () => {
    await using box = await startContainer({ network: 'none', command });
    await box.$`touch /end`;
    await box.docker.wait();

    for (const [, use] of uses) {
      const error = await rejectionOf(use(box), ContainerError);

      expect(error).toMatchObject({
        code: 'CONTAINER_NOT_RUNNING',
        message:
          `Container ${box.hostname} (${box.image.reference}) is not running: it ended with exit code 3.\n\n` +
          'Log of process 1:\n  fatal: the config is missing',
      });
    }
  });

  it('lists its changes, returns its log and its files as before', async () => {
    await using box = await startContainer({ network: 'none', command });
    await box.$`touch /end`;
    await box.docker.wait();

    expect((await box.changes()).map(({ path }) => path)).toEqual(['/end']);
    expect(await box.logs()).toBe('fatal: the config is missing\n');
  });

  it('names the signal that ended it', async () => {
    await using box = await startContainer({ network: 'none' });
    await box.kill();

    const { message } = await rejectionOf(box.$`true`, ContainerError);

    expect(message).toMatch(/ is not running: it ended with exit code 137 \(SIGKILL\)\.$/);
  });
});

describe('A container that is paused', () => {
  it.each(uses)('fails %s, and says how to go on', async (_, use) => {
    await using box = await startContainer({ network: 'none' });
    await box.docker.pause();

    const { code, message } = await rejectionOf(use(box), ContainerError);

    expect(code).toBe('CONTAINER_NOT_RUNNING');
    expect(message).toMatch(/ is not running: it is paused; box\.docker\.unpause\(\) lets it run on\.$/);
  });
});

describe('A container that the engine starts again and again', () => {
  it('fails what needs it with the reason', async () => {
    await using box = await startContainer({ network: 'none', command });
    await box.docker.update({ RestartPolicy: { Name: 'always' } });
    await box.$`touch /end`;
    const isRestarting = async (): Promise<boolean> => (await box.docker.inspect()).State.Restarting;
    // Each pause before the next start is twice as long.
    await poll(async () => (await box.docker.inspect()).RestartCount > 4 && (await isRestarting()), {
      for: 'the container to restart',
      timeout: 30_000,
    });

    const { message } = await rejectionOf(box.run('true', [], { via: 'exec' }), ContainerError);

    expect(message).toMatch(/ is not running: it is restarting, because it ended with exit code 3\.\n/);
  });
});

/* The kernel lets process 1 die last, which is only seen under a high load. So the engine's answers are made up. */
describe('A container whose process 1 is dying', () => {
  const container = (name: string, states: object[]) => {
    const inspect = () => Promise.resolve({ State: states.length > 1 ? states.shift() : states[0] });
    const top = () => Promise.resolve({ Titles: ['UID', 'PID', 'CMD'], Processes: [['root', '7', name]] });
    const logs = { dial: (_: object, answer: (error: Error) => void) => answer(new Error('no log')) };
    return {
      id: 'f'.repeat(64),
      image: { reference: 'an image' },
      removal: new AbortController().signal,
      docker: { inspect, top, modem: logs },
    } as never;
  };
  const running = { Running: true, Pid: 7, Status: 'running' };
  const ended = { Running: false, Status: 'exited', ExitCode: 137, Error: '' };

  it.each(['[sh]', '[sh] <defunct>'])('is not running, if its name is %s', async (name) => {
    const error = await rejectionOf(
      requireRunning(container(name, [running, running, ended])),
      ContainerError,
    );

    expect(error.message).toContain('it ended with exit code 137 (SIGKILL) while the command ran');
  });

  it('is running if process 1 has its arguments', async () => {
    await expect(requireRunning(container('sh -c [x]', [running]))).resolves.toBeUndefined();
  });
});
