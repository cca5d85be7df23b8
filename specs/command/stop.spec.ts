import { Readable } from 'node:stream';
import { CommandError, ContainerError, startContainer, useContainer, type Box } from '../../src';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A command that does not end by itself', () => {
  const box = useContainer();

  it('is killed when its time is over', async () => {
    const error = await rejectionOf(box.run('sleep', ['600'], { timeout: 300 }), CommandError);

    expect(error).toMatchObject({ code: 'TIMED_OUT', timedOut: true, exitCode: 137, signal: 'SIGKILL' });
    expect(error.message).toContain('Command timed out after 300 ms and was killed: sleep 600');
    expect(await commandLines(box)).not.toContain('sleep 600');
  });

  it('takes everything it started with it', async () => {
    const family = 'sleep 601 & (setsid sleep 602 & sleep 603) & nohup sleep 604 & sleep 605';

    await rejectionOf(box.run('sh', ['-c', family], { timeout: 500 }), CommandError);

    const left = (await commandLines(box)).filter((line) => line.startsWith('sleep 60'));
    expect(left).toEqual([]);
  });

  it('is killed even if it ignores every signal that can be ignored', async () => {
    const stubborn = "trap '' TERM INT HUP QUIT; while :; do sleep 1; done";

    const error = await rejectionOf(box.run('sh', ['-c', stubborn], { timeout: 300 }), CommandError);

    expect(error.timedOut).toBe(true);
  });

  it('leaves other commands of the container alone', async () => {
    const other = box.$`sleep 2`;

    await rejectionOf(box.run('sleep', ['600'], { timeout: 300 }), CommandError);

    await expect(other).toSucceed();
  });

  it('keeps what it had printed', async () => {
    const result = await box.run('sh', ['-c', 'echo so far; sleep 600'], { timeout: 500, reject: false });

    expect(result).toMatchObject({ stdout: 'so far', timedOut: true, failed: true });
  });

  it('is killed when its cancelSignal is aborted', async () => {
    const controller = new AbortController();
    const running = box.run('sleep', ['600'], { cancelSignal: controller.signal });
    await poll(async () => (await commandLines(box)).includes('sleep 600'), {
      for: 'sleep to run',
      timeout: 10_000,
    });

    controller.abort();

    const error = await rejectionOf(running, CommandError);
    expect(error).toMatchObject({ code: 'CANCELED', isCanceled: true });
    expect(await commandLines(box)).not.toContain('sleep 600');
  });

  it('is never started if its cancelSignal was aborted before', async () => {
    const error = await rejectionOf(
      box.run('touch', ['/started'], { cancelSignal: AbortSignal.abort() }),
      CommandError,
    );

    expect(error).toMatchObject({ code: 'CANCELED', exitCode: undefined });
    await expect(box.$`ls /started`).not.toSucceed();
  });

  it('is killed, and the error is passed on, when its input can not be read', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('the disk is on fire'));
      },
    });

    await expect(box.run('sh', ['-c', 'cat; sleep 600'], { input: broken })).rejects.toThrow(
      'the disk is on fire',
    );

    expect(await commandLines(box)).not.toContain('sleep 600');
  });

  it('ends with a clear error when its container is removed, however early', async () => {
    const containers = await Promise.all([1, 2, 3, 4].map(() => startContainer()));
    const outcomes = containers.map((own) => rejectionOf(own.$`sleep 600`, ContainerError));

    await Promise.all(containers.map((own) => own.remove()));

    const codes = (await Promise.all(outcomes)).map(({ code }) => code);
    expect(codes).toEqual(Array(4).fill('CONTAINER_REMOVED'));
  });

  it('ends with a clear error when its container stops', async () => {
    const running = box.$`sleep 600`;
    const outcome = rejectionOf(running, ContainerError);
    await poll(async () => (await commandLines(box)).includes('sleep 600'), {
      for: 'sleep to run',
      timeout: 10_000,
    });

    await box.kill();

    expect(await outcome).toMatchObject({ code: 'CONTAINER_NOT_RUNNING' });
  });
});

describe('A container in which nothing can run', () => {
  const box = useContainer();

  it('says so when it is stopped', async () => {
    await box.stop();

    const error = await rejectionOf(box.$`true`, ContainerError);

    expect(error.code).toBe('CONTAINER_NOT_RUNNING');
    expect(error.message).toContain('is not running');
  });

  it('says so when it is gone', async () => {
    await box.remove();

    expect(await rejectionOf(box.$`true`, ContainerError)).toMatchObject({ code: 'CONTAINER_REMOVED' });
  });

  it('runs commands again after a restart', async () => {
    await box.$`touch /kept`;

    await box.restart();

    await expect(box.$`ls /kept`).toSucceed();
  });
});

/** The command line of every process in a container. */
async function commandLines(box: Box): Promise<string[]> {
  const { stdout } = await box.sh`for p in /proc/[0-9]*; do tr '\0' ' ' <$p/cmdline; echo; done 2>/dev/null`;
  return stdout.split('\n').map((line) => line.trim());
}
