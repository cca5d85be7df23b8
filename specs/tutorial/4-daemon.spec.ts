import { identify } from '../../src/support/process-identity';
import { parseDaemonLogLine } from '../../src/engine/daemon-log';
import { startPrivateEngine, type PrivateEngine } from '../../src/engine/private/private-engine';
import { clientOf, engineRoom } from '../../tooling/engine/private-engines';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

/*
 * Part 4 of the tutorial: the daemon. `docker` is only a client; the program that makes containers is `dockerd`, a
 * daemon in the background. belljar can start one of its own, which it does if none runs.
 */

describe('dockerd prints what it does, a line each', () => {
  it('in a terminal: level, time, message', () => {
    const line = parseDaemonLogLine('INFO[2023-05-15T20:58:52.526234875+09:00] Starting up');

    expect(line.level).toBe('info');
    expect(line.time).toBe('2023-05-15T20:58:52.526234875+09:00');
    expect(line.message).toBe('Starting up');
  });

  it('into a file: the same as key=value pairs, where further pairs say more', () => {
    const line = parseDaemonLogLine(
      'time="2023-05-15T20:58:53.1+09:00" level=info msg="Docker daemon" commit=94d3ad6 version="23.0.5"',
    );

    expect(line.level).toBe('info');
    expect(line.message).toBe('Docker daemon');
    expect(line.fields).toEqual({ commit: '94d3ad6', version: '23.0.5' });
  });
});

describeAsRoot('the life of a dockerd', () => {
  const room = engineRoom();
  let engine: PrivateEngine;

  beforeAll(async () => {
    engine = await startPrivateEngine(room.options);
  });

  afterAll(async () => {
    await engine.stop();
    await room[Symbol.asyncDispose]();
  });

  it('begins with "Starting up"', () => {
    expect(engine.log[0]).toMatchObject({ level: 'info', message: 'Starting up' });
  });

  it('continues with "API listen on" and a socket: from here on it takes requests', async () => {
    const ready = engine.log.find(({ message }) => message.startsWith('API listen on'));

    expect(ready?.message).toBe(`API listen on ${engine.socket}`);
    expect(String(await clientOf(engine).ping())).toBe('OK');
  });

  it('has warnings in between that a person may want to see, and belljar picks them out', () => {
    const picked = engine.problems.map(({ level }) => level);

    expect(engine.log.map(({ level }) => level)).toEqual(expect.arrayContaining(picked));
    expect(picked).not.toContain('info');
  });

  it('ends when it is told to stop', async () => {
    const alive = identify(engine.pid);

    await engine.stop();

    expect(alive).toBeDefined();
    expect(identify(engine.pid)).toBeUndefined();
  });
});
