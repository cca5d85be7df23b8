import { CommandError, SpawnError, useContainer, withContainer, type Box } from '../../src';
import { poll } from '../../src/support/poll';
import { containerExists } from '../../tooling/engine/engine-state';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A command that forks without end', () => {
  const box = useContainer({ network: 'none', pids: 100 });

  it('is held by the limit of processes and killed at its timeout, with its container if there is no room to do less', async () => {
    // A shell that can't fork ends. So the shell that waits forks once, while there is room.
    const bomb = 'bomb() { bomb | bomb & }; bomb & exec sleep 605';

    const error = await rejectionOf(box.run('sh', ['-c', bomb], { timeout: 2000 }), CommandError);

    expect(error).toMatchObject({ timedOut: true });
    await poll(async () => (await processCount(box)) < 10, { for: 'the processes to end', timeout: 20_000 });
  });
});

describe('A container without room for another process', () => {
  const box = useContainer({ network: 'none', pids: 12 });

  it('fails commands with what the shell or the engine says of it, and runs them again once there is room', async () => {
    // Each shell that is held open is a process as well.
    const full = await box.run('sh', ['-c', 'i=0; while [ $i -lt 20 ]; do sleep 606 & i=$((i + 1)); done'], {
      reject: false,
    });

    expect(full).toMatchObject({ failed: true, stderr: expect.stringMatching(/fork/i) as string });
    await box.restart();
    await expect(box.$`echo room`).toPrint('room');
  });
});

describe('A command that prints a gigabyte', () => {
  const box = useContainer({ network: 'none' });
  const flood = ['-c', 'head -c 1000000000 /dev/zero; echo the end'];

  it('goes through in bounded memory if a reader takes it as it comes', async () => {
    await using printer = await box.spawn('sh', flood, { outputLimit: 1000 });
    let most = 0;
    let bytes = 0;
    for await (const chunk of printer.stdout) {
      bytes += (chunk as Buffer).length;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }

    expect(bytes).toBe(1_000_000_008);
    expect(most).toBeLessThan(100_000_000);
    expect((await printer.exit).stdout).toMatch(/the end$/);
  });
});

describe('A program that never says what is waited for', () => {
  it('fails at the limit with what it said last, and is gone with its container', async () => {
    let id = '';
    const waiting = withContainer(
      async (box) => {
        ({ id } = box);
        const server = await box.spawn('sh', ['-c', 'echo still loading; exec sleep 607']);
        await server.waitForOutput('ready', { timeout: 700 });
      },
      { network: 'none' },
    );

    const error = await rejectionOf(waiting, SpawnError);

    expect(error.message).toMatch(/did not print "ready" within 700 ms[^]*still loading/);
    expect(await containerExists(id)).toBe(false);
  });
});

async function processCount({ docker }: Box): Promise<number> {
  if (!(await docker.inspect()).State.Running) return 0;
  const { Processes } = (await docker.top()) as { Processes: unknown[] };
  return Processes.length;
}
