import { ContainerError, ServiceError, startContainer, useContainer } from '../../src';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { answer, server } from '../../tooling/containers/web-server';
import { itBesideEngine } from '../../tooling/spec-helpers/modes';

/** The failure of a wait. */
function failureOf(wait: Promise<void>): Promise<ServiceError> {
  return rejectionOf(wait, ServiceError);
}

describe('A service in a container', () => {
  const box = useContainer({ scope: 'file', ports: [8080] });

  it('is waited for until it listens on its port', async () => {
    await using service = await box.spawn(...server(8080, answer('200 OK', 'hello'), 0.3));

    await box.waitForPort(8080);

    expect(service.ended).toBe(false);
  });

  it('is waited for until it answers over HTTP as it should', async () => {
    const slowly = `if ($n < 3) { ${answer('503 Service Unavailable', 'loading')} } else { ${answer('200 OK', 'ready for $_')} }`;
    await using service = await box.spawn(...server(8080, slowly, 0.2));

    await box.waitForHttp(8080, { path: '/health?full=1', body: 'ready for GET /health?full=1' });
    await box.waitForHttp(8080, { method: 'DELETE', status: 200, body: /^ready for DELETE/g });

    expect(service.ended).toBe(false);
  });

  itBesideEngine('is asked at the container’s own address if its port is not published', async () => {
    await using service = await box.spawn(...server(8090, answer('204 No Content', '')));

    await box.waitForHttp(8090);

    expect(service.ended).toBe(false);
  });

  it('is waited for until a command of its own says that it is ready', async () => {
    await using service = await box.spawn('sh', ['-c', 'sleep 0.3; touch /tmp/ready; sleep 600']);

    await box.waitForCommand('test', ['-e', 'ready'], { cwd: '/tmp' });

    await expect(box).toHaveFile('/tmp/ready');
    expect(service.ended).toBe(false);
  });
});

describe('A wait for a service that is not as it should be', () => {
  const box = useContainer({ scope: 'file', ports: [8080, 8081] });

  it('shows what listens instead, the log and the processes', async () => {
    await using service = await box.spawn(...server(8082, answer('200 OK', 'hello')));
    await box.waitForPort(8082);

    const error = await failureOf(box.waitForPort(80, { timeout: 50 }));

    expect(service.ended).toBe(false);
    expect(error.code).toBe('NOT_READY');
    expect(error.message).toMatch(
      /^Gave up after 50 ms of waiting for something to listen on port 80 in container [0-9a-f]{12} \(/,
    );
    expect(error.message).toContain('Last seen: listening addresses: 0.0.0.0:8082\n');
    expect(error.message).toContain('\nLog of process 1: empty\n');
    expect(error.message).toMatch(/\nProcesses:\n {2}1 \/bin\/sh -c while sleep.*\n(.*\n)* {2}\d+ perl -e /);
  });

  it('shows what was spawned, whether it still runs, and the end of what it printed', async () => {
    await using running = await box.spawn('sleep', ['7004']);
    await using ended = await box.spawn('sh', ['-c', 'echo "port 80: address in use" >&2; exit 4']);
    await ended.exit;
    await (await box.spawn('sleep', ['7005']))[Symbol.asyncDispose]();

    const error = await failureOf(box.waitForPort(80, { timeout: 50 }));

    expect(error.message).toContain('Spawned: sleep 7004\nIt is running, and has printed nothing.\n');
    expect(error.message).toContain(
      "; exit 4'\nIt ended with exit code 4.\nstderr:\n  port 80: address in use\n",
    );
    expect(error.message).not.toContain('7005');
    expect(running.ended).toBe(false);
  });

  itBesideEngine('shows the last answer, or says that none came', async () => {
    const text = String.raw`no table \033[31musers`;
    await using failing = await box.spawn(...server(8080, answer('503 Service Unavailable', text)));
    await using silent = await box.spawn(...server(8091, 'sleep 600'));
    await Promise.all([box.waitForPort(8080), box.waitForPort(8091)]);

    const [another, closed, refused, none] = await Promise.all([
      failureOf(box.waitForHttp(8080, { path: '/users', status: 200, timeout: 1500 })),
      failureOf(box.waitForHttp(8081, { timeout: 1500 })),
      failureOf(box.waitForHttp(8092, { timeout: 1500 })),
      failureOf(box.waitForHttp(8091, { timeout: 1500 })),
    ]);

    expect([failing.ended, silent.ended]).toEqual([false, false]);
    expect(another.message).toMatch(
      /^Gave up after 1500 ms of waiting for status 200 to GET \/users on port 8080 in container/,
    );
    expect(another.message).toContain(
      'Last seen: status 503 Service Unavailable\nBody:\n  no table \\u001b[31musers\n',
    );
    expect(closed.message).toMatch(
      /Last seen: at \S+:\d+, the connection was (closed without an answer|refused)/,
    );
    expect(refused.message).toMatch(/Last seen: at [\d.]+:8092, the connection was refused: nothing listens/);
    expect(none.message).toMatch(/Last seen: at [\d.]+:8091, no answer until then\n/);
  });

  it('shows how the command failed last, and kills one that runs when the time is over', async () => {
    const script = 'echo "no such database" >&2; exit 2';

    const [failing, running, missing] = await Promise.all([
      failureOf(box.waitForCommand('sh', ['-c', script], { timeout: 3000 })),
      failureOf(box.waitForCommand('sleep', ['7003'], { timeout: 3000 })),
      failureOf(box.waitForCommand('pg_isready', [], { timeout: 3000 })),
    ]);

    expect(failing.message).toContain('Last seen: it exited with code 2\nstderr:\n  no such database\n');
    expect(running.message).toContain('Last seen: it was still running');
    expect(missing.message).toContain('Last seen: it did not start (PROGRAM_NOT_FOUND)');
    const { stdout } = await box.sh`cat /proc/[0-9]*/cmdline | tr '\0' ' '`;
    expect(stdout).not.toContain('sleep 7003');
  });

  it('says at once that there is no health check to wait for', async () => {
    const error = await failureOf(box.waitForHealthy({ timeout: 30_000 }));

    expect(error.code).toBe('NO_HEALTH_CHECK');
  });

  it('refuses what can’t be waited for', async () => {
    await expect(box.waitForPort(0)).rejects.toThrow('must be a whole number from 1 to 65535');
    await expect(box.waitForPort(80, { time: 1 } as never)).rejects.toThrow(
      'time is not an option. The options are timeout',
    );
    await expect(box.waitForHttp(80, { path: 'x' })).rejects.toThrow('path must begin with /');
    await expect(box.waitForHttp(80, { status: 1 })).rejects.toThrow('status must be a whole number');
    await expect(box.waitForLog('')).rejects.toThrow('must be a string or a RegExp');
    await expect(box.waitForHealthy({ timeout: -1 })).rejects.toThrow('must be a number of milliseconds');
    const misplaced = { healthCheck: { command: 'true' } } as object;
    await expect(box.waitForHealthy(misplaced)).rejects.toThrow(
      'healthCheck is an option of the container, not of the wait: useContainer({ healthCheck',
    );
  });
});

describe('The log of a container', () => {
  const script = String.raw`
    if [ -e /tmp/before ]; then echo again; else echo first; touch /tmp/before; fi
    sleep 0.2
    printf '\033[31mlistening on port 80\n' >&2
    exec sleep 600`;
  const box = useContainer({ scope: 'file', command: ['sh', '-c', script] });

  it('is waited for until it says something, on either stream', async () => {
    await box.waitForLog('first');
    await box.waitForLog(/on port \d+$/m);
  });

  it('is shown, harmless to print, if it never says it', async () => {
    await box.waitForLog('listening');

    const error = await failureOf(box.waitForLog('no such line', { timeout: 50 }));

    expect(error.message).toMatch(
      /^Gave up after 50 ms of waiting for "no such line" in the log in container/,
    );
    expect(error.message).toContain('Log of process 1:\n  first\n  \\u001b[31mlistening on port 80\n');
  });

  it('begins anew when the container is started again', async () => {
    await box.restart();

    await box.waitForLog('again');

    const error = await failureOf(box.waitForLog('first', { timeout: 50 }));
    expect(error.code).toBe('NOT_READY');
  });
});

describe('The health check of a container', () => {
  const command = 'echo looking; test -e /tmp/healthy';
  const box = useContainer({
    scope: 'file',
    healthCheck: { command, interval: 100, timeout: 5000, retries: 2, startPeriod: 0 },
  });

  it('is waited for until it says healthy, and shown if it does not', async () => {
    await box.waitForCommand('true');
    const error = await failureOf(box.waitForHealthy({ timeout: 1000 }));
    await box.files.write('/tmp/healthy', '');
    await box.waitForHealthy();

    expect(error.code).toBe('NOT_READY');
    expect(error.message).toMatch(
      /Last seen: (starting|unhealthy); the last check ended with code 1, \d+ failed in a row\nOutput:\n {2}looking\n/,
    );
  });

  it('is refused if it could never run', async () => {
    await expect(startContainer({ healthCheck: { command: '' } })).rejects.toThrow('must be a script');
    await expect(startContainer({ healthCheck: { command: 'true', interval: 0 } })).rejects.toThrow(
      'healthCheck: interval must be a whole number',
    );
    await expect(startContainer({ healthCheck: { command: 'true', every: 1 } as never })).rejects.toThrow(
      'healthCheck: every is not an option. The options are command, interval',
    );
  });
});

describe('A wait whose container goes', () => {
  const patient = { timeout: 30_000 };

  it('ends at once when the container ends, and says how', async () => {
    const script =
      'echo port 80 is taken; until [ -e /tmp/stop ]; do sleep 0.05; done; echo last words; exit 7';
    await using box = await startContainer({
      command: ['sh', '-c', script],
      ports: [80],
      healthCheck: { command: 'false', interval: 100 },
    });
    const started = performance.now();
    const lastWords = box.waitForLog('last words', patient);
    const failures = [
      box.waitForPort(80, patient),
      box.waitForHttp(80, patient),
      box.waitForLog('never', patient),
      box.waitForHealthy(patient),
      box.waitForCommand('false', [], patient),
      box.waitForCommand('sleep', ['600'], patient),
    ].map(failureOf);

    await box.files.write('/tmp/stop', '');

    await lastWords;
    for (const error of await Promise.all(failures)) {
      expect(error.code).toBe('CONTAINER_ENDED');
      expect(error.message).toMatch(
        /^Waited for .*, but container [0-9a-f]{12} \(.*\) ended with exit code 7\.\nLast seen: /,
      );
      expect(error.message).toContain('Log of process 1:\n  port 80 is taken\n  last words');
    }
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('ends at once when the container is removed', async () => {
    const box = await startContainer({ network: 'none' });
    const waits = [box.waitForPort(80, patient), box.waitForLog('never', patient)];
    const failures = waits.map((wait) => rejectionOf(wait, ContainerError));
    const unreachable = await failureOf(box.waitForHttp(80, patient));

    await box.remove();

    for (const { code } of await Promise.all(failures)) expect(code).toBe('CONTAINER_REMOVED');
    expect(unreachable.code).toBe('NOT_REACHABLE');
    expect(unreachable.message).toContain('Publish the port when the container starts: { ports: [80] }.');
  });
});
