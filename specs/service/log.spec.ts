import { ServiceError, startContainer, useContainer, InvalidOptionError } from '../../src';
import { attach, ContainerError } from '../../src';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** Collects the lines of a log to its end. */
async function allOf(log: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of log) lines.push(line);
  return lines;
}

describe('A log that is followed', () => {
  it('comes line by line, from both streams, until the container ends', async () => {
    const script = 'printf "one\\ntwo\\r\\nä"; echo err >&2; sleep 0.3; printf "ö\\n\\nlast"';
    await using box = await startContainer({ network: 'none', command: ['sh', '-c', script] });

    const lines = await allOf(box.followLogs());

    expect(lines.filter((line) => line !== 'err')).toEqual(['one', 'two', 'äö', '', 'last']);
    expect(lines).toContain('err');
  });

  it('goes on with what is printed later, and ends with the loop', async () => {
    const count = 'n=0; while :; do n=$((n + 1)); echo "line $n"; sleep 0.05; done';
    await using box = await startContainer({ network: 'none', command: ['sh', '-c', count] });
    const seen: string[] = [];

    for await (const line of box.followLogs()) {
      seen.push(line);
      if (line === 'line 5') break;
    }

    expect(seen).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
  });

  it('has what is printed at the very end, whenever the container ends', async () => {
    const command = ['sh', '-c', 'echo one; sleep 0.3; echo two; printf "the last"'];
    for (let count = 0; count < 5; count += 1) {
      await using box = await startContainer({ network: 'none', command });
      await using other = await startContainer({ network: 'none', command });

      expect(await allOf(box.followLogs())).toEqual(['one', 'two', 'the last']);
      await other.waitForLog('the last');
    }
  });

  it('is over when the test closes it, or removes the container', async () => {
    const box = await startContainer({ network: 'none', command: ['sh', '-c', 'echo up; exec sleep 600'] });
    const closed = box.followLogs();
    const removed = allOf(box.followLogs());
    const lines = allOf(closed);
    await box.waitForLog('up');
    closed.close();
    closed.close();
    await box.remove();

    expect([await lines, await removed].map((list) => list.filter((line) => line !== 'up'))).toEqual([
      [],
      [],
    ]);
    await using again = closed;
    expect(await allOf(again)).toEqual([]);
  });

  it('is that of a terminal, too', async () => {
    await using box = await startContainer({
      network: 'none',
      command: ['sh', '-c', 'echo "on a terminal"; exec sleep 600'],
      customize: (container) => Object.assign(container, { createOpts: { ...withTerminal(container) } }),
    });

    await box.waitForLog('on a terminal');
    for await (const line of box.followLogs()) {
      expect(line).toBe('on a terminal');
      break;
    }
    expect(await box.logs()).toBe('on a terminal\r\n');
    await using attached = await attach(box.id, { baseline: 'image' });
    expect(await attached.logs()).toBe('on a terminal\r\n');
  });
});

/** testcontainers has no setting for a terminal of process 1. */
function withTerminal(container: object): object {
  return { ...(container as { createOpts: object }).createOpts, Tty: true };
}

describe('A number of lines that a test waits for', () => {
  const box = useContainer({
    scope: 'file',
    network: 'none',
    command: [
      'sh',
      '-c',
      'cat /tmp/log 2>/dev/null; while :; do sleep 0.1; echo "ready to accept ready"; done',
    ],
  });

  it('has come when that many lines match', async () => {
    await box.waitForLog('ready', { times: 3 });
    await box.waitForLog(/^ready to/g, { times: 3 });

    expect((await box.logs()).split('\n').length).toBeGreaterThanOrEqual(4);
  });

  it('has not come if fewer lines match, and the failure says how many', async () => {
    const failure = await rejectionOf(box.waitForLog('ready', { times: 1000, timeout: 500 }), ServiceError);

    expect(failure.message).toMatch(/waiting for "ready" in 1000 lines of the log/);
    expect(failure.message).toMatch(/Last seen: \d+ such lines, in the log below/);
  });

  it('is a whole number', async () => {
    const error = await rejectionOf(box.waitForLog('x', { times: 0 }), InvalidOptionError);

    expect(error.message).toMatch(/^times must be a whole number, 1 or more; got 0/);
  });
});

describe('A container that is paused', () => {
  it('does nothing, until it is unpaused', async () => {
    await using box = await startContainer({ network: 'none' });
    await box.$`true`;

    await box.pause();
    const refused = await rejectionOf(box.run('true'), ContainerError);
    const again = await rejectionOf(box.pause(), ContainerError);
    await box.unpause();

    expect(refused.code).toBe('CONTAINER_NOT_RUNNING');
    expect(refused.message).toContain('paused');
    expect(again.code).toBe('CONTAINER_NOT_RUNNING');
    await expect(box.$`true`).toSucceed();
    const unpaused = await rejectionOf(box.unpause(), ContainerError);
    expect(unpaused.code).toBe('NOT_PAUSED');
  });
});
