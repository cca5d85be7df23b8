import { EngineError, startContainer, type Box } from '../../src';
import { connectEngine, forgetEngine, useEngine } from '../../src/engine/connect/connection';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { proxyEngine, type EngineProxy } from '../../tooling/faults/engine-proxy';

describe('A connection to the engine', () => {
  let proxy: EngineProxy;
  let box: Box;
  beforeAll(async () => {
    const { endpoint } = await connectEngine();
    proxy = await proxyEngine();
    useEngine({ host: proxy.host, source: 'a spec' });
    box = await startContainer({ network: 'none' });
    useEngine(endpoint);
  });
  beforeEach(() => {
    proxy.manner = 'faithful';
  });
  afterAll(async () => {
    proxy.manner = 'faithful';
    await box.remove();
    await proxy[Symbol.asyncDispose]();
    forgetEngine();
  });

  describe.each(['shell', 'exec'] as const)('that carries a command by %s', (via) => {
    it('may be cut at every byte: the result is the same', async () => {
      const script = 'printf "grüße 🫙 %s" "$1"; echo "trüb" >&2; cat; exit 3';
      const options = { via, reject: false, input: 'ä\n' };
      const whole = await box.run('sh', ['-c', script, 'sh', 'ö'], options);

      proxy.manner = 'byte by byte';
      const cut = await box.run('sh', ['-c', script, 'sh', 'ö'], options);

      expect(cut).toMatchObject({ stdout: 'grüße 🫙 öä', stderr: 'trüb', exitCode: 3 });
      // Which of the two streams the engine sends first is its own affair.
      expect({ ...cut, all: '', durationMs: 0 }).toEqual({ ...whole, all: '', durationMs: 0 });
    });

    it('fails the command if it ends in the middle of the output, and nothing of it runs on', async () => {
      await box.run('true', [], { via });
      proxy.manner = 'cut';

      const error = await rejectionOf(speakAndStay(via), EngineError);

      expect(error).toMatchObject({
        code: 'CONNECTION_LOST',
        message: expect.stringContaining("ended in the middle of a command's output") as string,
      });
      await untilNoneStays();
    });

    it('fails the command if it brings something else than output, and nothing of it runs on', async () => {
      await box.run('true', [], { via });
      proxy.manner = 'garbage';

      const error = await rejectionOf(speakAndStay(via), EngineError);

      expect(error).toMatchObject({
        code: 'ENGINE_NOT_AN_ENGINE',
        message: expect.stringContaining('a frame began with the bytes 3c68746d6c3e4261') as string,
      });
      await untilNoneStays();
    });

    it('works again for the next command', async () => {
      await expect(box.run('echo', ['again'], { via })).resolves.toMatchObject({ stdout: 'again' });
    });
  });

  describe('that carries a log', () => {
    let talker: Box;
    beforeAll(async () => {
      const { endpoint } = await connectEngine();
      useEngine({ host: proxy.host, source: 'a spec' });
      const script = `echo before; echo SPO''KEN; echo after; exec sleep 600`;
      talker = await startContainer({ network: 'none', command: ['sh', '-c', script] });
      useEngine(endpoint);
      await talker.waitForLog('after');
    });
    afterAll(() => talker.remove());

    it('may be cut at every byte: the log is the same', async () => {
      proxy.manner = 'byte by byte';

      expect(await talker.logs()).toBe('before\nSPOKEN\nafter\n');
    });

    it('fails who reads the log where it ends in the middle', async () => {
      proxy.manner = 'cut';

      expect(await rejectionOf(talker.logs(), EngineError)).toMatchObject({
        code: 'CONNECTION_LOST',
        message: expect.stringContaining("ended in the middle of a container's log") as string,
      });
      expect(await talker.logs()).toContain('after');
    });

    it('fails who waits for something in the log where it ends in the middle, long before the time is over', async () => {
      proxy.manner = 'cut';
      const wait = talker.waitForLog('never said', { timeout: 60_000 });

      expect(await rejectionOf(wait, EngineError)).toMatchObject({ code: 'CONNECTION_LOST' });
    }, 20_000);
  });

  it('that brings the answer to a start before the start costs no container its life', async () => {
    await box.run('true', [], { via: 'shell' });
    proxy.manner = 'early';

    // Its shell dies with it, and belljar makes sure by an exec that nothing of the command runs on.
    const killed = await box.sh({ via: 'shell', reject: false })`kill -9 -1`;

    expect(killed.exitCode).toBe(137);
    proxy.manner = 'faithful';
    await expect(box.run('true')).toSucceed();
  });

  it('that hangs ends a command at its time limit with a clear error', async () => {
    const running = (['shell', 'exec'] as const).map((via) =>
      rejectionOf(box.run('sleep', ['604'], { via, timeout: 3000 }), EngineError),
    );
    await poll(async () => (await sleepers('sleep 604')) === 2, { for: 'both to run', timeout: 20_000 });
    proxy.manner = 'silent';

    for (const error of await Promise.all(running)) {
      expect(error.code).toBe('ENGINE_UNREACHABLE');
      expect(error.message).toContain('The engine did not answer for 10 s');
    }
  });

  async function speakAndStay(via: 'shell' | 'exec'): Promise<unknown> {
    return box.run('sh', ['-c', `echo SPO''KEN; exec sleep 603`], { via, timeout: 20_000 });
  }

  async function untilNoneStays(): Promise<void> {
    const isOver = async (): Promise<boolean> => (await sleepers('sleep 603')) === 0;
    await poll(isOver, { for: 'the command to end', timeout: 10_000 });
  }

  async function sleepers(command: string): Promise<number> {
    const { Processes } = (await box.docker.top()) as { Processes: string[][] };
    return Processes.filter((fields) => fields.at(-1) === command).length;
  }
});
