import { ContainerError, startContainer, type Box } from '../../src';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe.each(['shell', 'exec'] as const)('A command that runs by %s when another program', (via) => {
  it('removes its container says so', async () => {
    await using box = await startContainer({ network: 'none' });
    const outcome = await running(box, via);

    await box.docker.remove({ force: true });

    expect(await outcome()).toMatchObject({
      code: 'CONTAINER_REMOVED',
      message: `Container ${box.hostname} is gone: it was removed through the engine.`,
    });
  });

  it('kills its container says how that ended', async () => {
    await using box = await startContainer({ network: 'none' });
    const outcome = await running(box, via);

    await box.docker.kill();

    expect(await outcome()).toMatchObject({
      code: 'CONTAINER_NOT_RUNNING',
      message: expect.stringMatching(
        / is not running: it ended with exit code 137 \(SIGKILL\) while the command ran\.$/,
      ) as string,
    });
  });
});

describe('A container that runs out of memory', () => {
  it('fails the command under way, and the next, with that reason', async () => {
    const limit = 8 * 1024 * 1024;
    // Process 1 is what fills the memory, once it is told to: the kernel kills it and with it the container.
    const script = 'until [ -e /fill ]; do sleep 0.1; done; x=a; while :; do x=$x$x; done';
    await using box = await startContainer({
      network: 'none',
      memory: limit,
      command: ['/bin/sh', '-c', script],
    });

    const outcome = rejectionOf(box.sh`touch /fill; sleep 600`, ContainerError);

    expect(await outcome).toMatchObject({
      code: 'CONTAINER_NOT_RUNNING',
      message: expect.stringContaining(
        'it ran out of memory and was killed with exit code 137 (SIGKILL) while the command ran',
      ) as string,
    });
    expect(await rejectionOf(box.$`true`, ContainerError)).toMatchObject({ code: 'CONTAINER_NOT_RUNNING' });
  });
});

/** Starts a command that does not end, and gives what awaits the error that it ends with. */
async function running(box: Box, via: 'shell' | 'exec'): Promise<() => Promise<ContainerError>> {
  const outcome = rejectionOf(box.run('sleep', ['601'], { via }), ContainerError);
  // The caller awaits what is returned.
  outcome.catch(() => undefined);
  const isRunning = async (): Promise<boolean> => {
    const { Processes } = (await box.docker.top()) as { Processes: string[][] };
    return Processes.some((fields) => fields.at(-1) === 'sleep 601');
  };
  await poll(isRunning, { for: 'the command to run', timeout: 20_000 });
  return () => outcome;
}
