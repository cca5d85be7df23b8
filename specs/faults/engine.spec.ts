import { randomBytes } from 'node:crypto';
import { EngineError, startContainer } from '../../src';
import { forgetEngine, useEngine } from '../../src/engine/connect/connection';
import { startPrivateEngine } from '../../src/engine/private/private-engine';
import { reapAll } from '../../src/ownership/reaper/reap';
import { privateEngineAt } from '../../src/engine/private/orphans';
import { currentRun, type Run } from '../../src/ownership/run';
import { poll } from '../../src/support/poll';
import {
  clientOf,
  copyImage,
  endOf,
  engineRoom,
  startDriver,
  tracesOf,
} from '../../tooling/engine/private-engines';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { killEngine, runs } from '../../tooling/engine/kill-engine';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

describeAsRoot('An engine that is killed while a command runs', () => {
  afterEach(() => forgetEngine());

  it('fails the command, and the next, with its own error; the reaper tries for as long as it may and gives up', async () => {
    await using room = engineRoom();
    await using engine = await startPrivateEngine(room.options);
    const image = await copyImage(clientOf(engine));
    useEngine(engine.endpoint);
    const box = await startContainer(image, { network: 'none' });
    const outcome = rejectionOf(box.$`sleep 602`, EngineError);
    await poll(() => runs(box, 'sleep 602'), { for: 'the command to run', timeout: 20_000 });

    await killEngine(engine.pid);

    expect(await outcome).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    expect(await rejectionOf(box.$`true`, EngineError)).toMatchObject({ code: 'ENGINE_UNREACHABLE' });
    const reaping = reapAll([{ run: deadRun(), endpoint: engine.endpoint }], {
      quiet: 100,
      retrying: 500,
      dying: 100,
    });
    expect((await rejectionOf(reaping, AggregateError)).errors).toEqual([
      expect.objectContaining({ code: 'TIMED_OUT' }),
    ]);
  });
});

describeAsRoot('A private engine whose users have all died', () => {
  it('is ended by the reaper, with all that it had on the machine', async () => {
    await using room = engineRoom();
    await using driver = startDriver();
    const { socket } = await driver.start(room.options);
    const endpoint = { host: `unix://${socket}`, source: 'a spec' };
    const privateEngine = privateEngineAt(endpoint.host);
    await endOf(driver.process, 'SIGKILL');

    await reapAll([{ run: deadRun(), endpoint, privateEngine }], { quiet: 100, retrying: 5000, dying: 100 });

    expect(privateEngine).toMatchObject({ name: room.options.name });
    expect(await tracesOf(room.layout)).toEqual([]);
  });
});

function deadRun(): Run {
  return { ...currentRun(), id: randomBytes(8).toString('hex'), pidStart: '1' };
}
