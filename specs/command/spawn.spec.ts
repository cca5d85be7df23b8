import { text } from 'node:stream/consumers';
import { CommandError, ContainerError, SpawnError, startContainer, useContainer } from '../../src';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A spawned process', () => {
  const box = useContainer({ scope: 'file' });

  it('runs on while the test does, and its output can be waited for', async () => {
    const script = 'echo starting >&2; sleep 0.3; echo listening on port 80; exec sleep 600';
    await using server = await box.spawn('sh', ['-c', script]);

    await server.waitForOutput('starting');
    await server.waitForOutput(/port \d+/g);
    await server.waitForOutput(/port \d+/g);

    expect(server.ended).toBe(false);
  });

  it('gives a command’s result once it has ended, whatever its exit code', async () => {
    await using process = await box.spawn('sh', ['-c', 'echo out; echo err >&2; exit 3']);

    const result = await process.exit;

    expect(result).toMatchObject({ exitCode: 3, stdout: 'out', stderr: 'err', failed: true });
    await expect(process.exit).toExitWith(3);
    expect(process.ended).toBe(true);
  });

  it('reads what is written to it, until the end of file', async () => {
    await using sort = await box.spawn('sort');

    sort.stdin.write('pear\n');
    sort.stdin.end('apple\n');

    expect(await sort.exit).toMatchObject({ exitCode: 0, stdout: 'apple\npear' });
  });

  it('streams all it prints to a reader, from the beginning', async () => {
    await using process = await box.spawn('sh', ['-c', 'echo first; read _; seq 100000; echo late >&2']);
    await process.waitForOutput('first');

    const read = Promise.all([text(process.stdout), text(process.stderr)]);
    process.stdin.write('\n');
    const [stdout, stderr] = await read;

    expect(stdout).toMatch(/^first\n1\n2\n[^]*\n100000\n$/);
    expect(stdout).toHaveLength('first\n'.length + 588_895);
    expect(stderr).toBe('late\n');
  });

  it('keeps only the last of what it prints if no test reads it', async () => {
    await using process = await box.spawn('seq', ['100000'], { outputLimit: 1000 });

    const { stdout } = await process.exit;

    expect(stdout).toHaveLength(999);
    expect(stdout).toMatch(/\n99999\n100000$/);
  });

  it('can be sent a signal', async () => {
    const script = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    await using process = await box.spawn('sh', ['-c', script]);
    await process.waitForOutput('ready');

    await process.kill('SIGTERM');

    expect(await process.exit).toMatchObject({ exitCode: 0, stdout: 'ready\nbye' });
  });

  it('is killed with all it started when it is disposed of', async () => {
    {
      await using process = await box.spawn('sh', ['-c', 'sleep 7001 & echo up; sleep 7002']);
      await process.waitForOutput('up');
    }

    const { stdout } = await box.sh`cat /proc/[0-9]*/cmdline | tr '\0' ' '`;
    expect(stdout).not.toContain('sleep 700');
  });

  it('ends with its container', async () => {
    const other = await startContainer();
    const process = await other.spawn('sleep', ['600']);
    const exit = rejectionOf(process.exit, ContainerError);

    await other.remove();

    expect(await exit).toMatchObject({ code: 'CONTAINER_REMOVED' });
  });
});

describe('A spawned process that does not do what is waited for', () => {
  const box = useContainer({ scope: 'file' });

  it('fails the wait with its last lines, harmless to print', async () => {
    const script = String.raw`printf 'loading\n\033[31mno such table\n' >&2; exec sleep 600`;
    await using process = await box.spawn('sh', ['-c', script]);
    await process.waitForOutput('no such table');

    const error = await rejectionOf(process.waitForOutput('ready', { timeout: 50 }), SpawnError);

    expect(error.code).toBe('NOT_PRINTED');
    expect(error.message).toMatch(/^sh -c .* did not print "ready" within 50 ms\.\n/);
    expect(error.message).toContain('stderr:\n  loading\n  \\u001b[31mno such table');
  });

  it('fails the wait at once when it has ended', async () => {
    await using process = await box.spawn('sh', ['-c', 'echo address in use; exit 1']);

    const error = await rejectionOf(process.waitForOutput('ready', { timeout: 30_000 }), SpawnError);

    expect(error.code).toBe('PROCESS_ENDED');
    expect(error.message).toContain('stdout:\n  address in use');
  });

  it('says what kept it from starting', async () => {
    const start = (file: string, options = {}) => rejectionOf(box.spawn(file, [], options), CommandError);

    expect(await start('no-such-program')).toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
    expect(await start('sleep', { cwd: '/no/such/directory', user: 'nobody' })).toMatchObject({
      code: 'DIRECTORY_NOT_FOUND',
    });
    await expect(box.spawn('sleep', [], { timeout: 5 } as never)).rejects.toThrow(
      'timeout is not an option. The options are cwd, env, user, outputLimit.',
    );
    await expect(box.spawn('sleep', [], { outputLimit: -1 })).rejects.toThrow('must be a number of bytes');
  });
});
