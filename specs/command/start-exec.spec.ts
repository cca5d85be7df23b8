import { ContainerError, useContainer } from '../../src';
import { startExec } from '../../src/command/exec/start-exec';
import { poll } from '../../src/support/poll';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

describe('A command that the engine refuses to start', () => {
  const box = useContainer();

  it('leaves no connection open, which would keep the process from ending', async () => {
    const before = openConnections();
    const execs = await Promise.all(
      [1, 2, 3].map(() => box.docker.exec({ Cmd: ['cat'], AttachStdin: true })),
    );
    await box.docker.pause();

    const errors = await Promise.all(
      execs.map((exec) => rejectionOf(startExec(box, exec, { stdin: true }), ContainerError)),
    );

    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('CONTAINER_NOT_RUNNING'));
    await poll(() => Promise.resolve(openConnections() <= before), {
      for: 'the connections to be closed',
      timeout: 10_000,
    });
  });

  it('because its container has ended since it was told of the command, says that', async () => {
    const exec = await box.docker.exec({ Cmd: ['true'], AttachStdout: true });
    await box.docker.kill();

    const error = await rejectionOf(startExec(box, exec, { stdin: false }), ContainerError);

    expect(error.code).toBe('CONTAINER_NOT_RUNNING');
    expect(error.message).toContain('it ended with exit code 137 (SIGKILL)');
  });
});

/** Sockets of this process that keep it alive. */
function openConnections(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length;
}
