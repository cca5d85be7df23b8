import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  ContainerError,
  FileError,
  startContainer,
  withContainer,
  type Box,
  type PrivateEngine,
} from '../../src';
import { forgetEngine, useEngine } from '../../src/engine/connect/connection';
import { startPrivateEngine } from '../../src/engine/private/private-engine';
import { poll } from '../../src/support/poll';
import { clientOf, copyImage, engineRoom } from '../../tooling/engine/private-engines';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';
import { killEngine, runs } from '../../tooling/engine/kill-engine';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';

describeAsRoot('An engine that fails without going away', () => {
  const room = engineRoom();
  // As much as holds the image and little more.
  const disk = join(room.path, 'disk');
  const options = { ...room.options, dataRoot: join(disk, 'data') };
  let engine: PrivateEngine;
  let image: string;
  let box: Box;
  beforeAll(async () => {
    await mkdir(disk);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk]);
    engine = await startPrivateEngine(options);
    image = await copyImage(clientOf(engine));
    useEngine(engine.endpoint);
    box = await startContainer(image, { network: 'none' });
  });
  afterAll(async () => {
    forgetEngine();
    await engine.stop();
    await execa('umount', [disk]);
    await room[Symbol.asyncDispose]();
  });

  it('has no room left on its disk: commands, files and new containers say so, until there is room again', async () => {
    await expect(box.run('sh', ['-c', 'cat /dev/zero >/big'], { reject: false })).toPrintError(
      /No space left on device/,
    );
    expect(await rejectionOf(box.files.write('/more', Buffer.alloc(1_000_000)), FileError)).toMatchObject({
      code: 'ENOSPC',
    });
    expect(await rejectionOf(startContainer(image, { network: 'none' }), ContainerError)).toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(/no space left on device/i) as string,
    });

    await box.$`rm /big`;

    await withContainer((next) => expect(next.$`echo room`).toPrint('room'), { image, network: 'none' });
  });

  it('pauses while a command runs: its time limit is kept once the engine continues, and the next command runs', async () => {
    const running = box.run('sleep', ['608'], { timeout: 1000, reject: false });
    await poll(() => runs(box, 'sleep 608'), { for: 'the command to run', timeout: 20_000 });

    process.kill(engine.pid, 'SIGSTOP');
    const stopped = performance.now();
    await poll(() => performance.now() - stopped > 2000, { for: 'the limit to pass', timeout: 5000 });
    process.kill(engine.pid, 'SIGCONT');

    expect(await running).toMatchObject({ timedOut: true, failed: true });
    await expect(box.$`echo next`).toPrint('next');
  });

  it('is killed and started again: what ran is gone, which the next command says, and new containers start', async () => {
    await killEngine(engine.pid);
    engine = await startPrivateEngine(options);

    expect(await rejectionOf(box.$`true`, ContainerError)).toMatchObject({ code: 'CONTAINER_REMOVED' });
    await withContainer((next) => expect(next.$`echo new`).toPrint('new'), { image, network: 'none' });
  });
});
