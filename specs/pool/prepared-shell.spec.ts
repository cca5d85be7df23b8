import { openPool, startContainer, type Box } from '../../src';
import { poll } from '../../src/support/poll';

/** With options of its own, so that no other spec's containers are among those of this pool. */
const labels = { 'belljar.spec': 'prepared-shell' };

describe('A container that is started ahead', () => {
  it('has a shell once specs run commands in those before, and none while they run none', async () => {
    await using pool = openPool();
    expect(pool).toBeDefined();
    const first = await startContainer({ labels });
    await using second = await startContainer({ labels });

    expect([await execs(first), await execs(second)]).toEqual([0, 0]);

    await first.$`true`;
    await first.remove();
    // What was started ahead before that command has no shell; what is started from now on has.
    await poll(() => hasShellAtOnce(), { for: 'a container with a shell', timeout: 30_000, interval: 1 });
  });
});

async function hasShellAtOnce(): Promise<boolean> {
  await using box = await startContainer({ labels });
  return (await execs(box)) > 0;
}

/** How many programs belljar runs in a container beside process 1; for none, the engine has null. */
async function execs({ docker }: Box): Promise<number> {
  const { ExecIDs } = (await docker.inspect()) as { ExecIDs: string[] | null | undefined };
  return ExecIDs?.length ?? 0;
}
