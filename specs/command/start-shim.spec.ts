import { useContainer, type Box } from '../../src';
import { createExec } from '../../src/command/exec/create-exec';
import { exitState } from '../../src/command/exec/exec-state';
import { startExec } from '../../src/command/exec/start-exec';
import { shimArguments } from '../../src/command/exec/start-shim';
import { readFrames } from '../../src/engine/framed-stream';
import { ended } from '../../src/engine/stream-end';

const env = { 'with.dot': 'a', 'with-dash': "it's\nb", PWD: '/elsewhere', _: 'mine', SHLVL: '9', PPID: '7' };

describe.each([
  ['dash', '/bin/dash'],
  ['bash', '/bin/bash'],
])('A program that %s starts and becomes', (_shell, shell) => {
  const box = useContainer({
    scope: 'file',
    env: { 'the.image': 'has it', OLDPWD: '/before', plain: 'a=b' },
  });

  beforeAll(async () => {
    await box.$`ln -sf ${shell} /bin/sh`;
    await box.sh`printf '#! /no/such/sh -e\n' >/tmp/broken; echo echo hi >/tmp/text; chmod 755 /tmp/broken /tmp/text`;
  });

  it.each([
    ['environment', ['cat', '/proc/self/environ']],
    ['arguments', ['cat', '/proc/self/cmdline', '/dev/null']],
    ['working directory', ['readlink', '/proc/self/cwd']],
    [
      'user, signals and capabilities',
      ['grep', '-E', '^(Sig|Shd|Cap|Uid|Gid|Groups|No)', '/proc/self/status'],
    ],
    ['open files', ['ls', '/proc/self/fd']],
    ['process group and session', ['perl', '-e', 'print $$ - getpgrp, " ", getppid']],
  ])('has the same %s as with an exec', async (_name, argv) => {
    const options = { env, cwd: '/usr/lib', user: 'nobody' };

    const byShim = await throughShim(box, argv, options);
    const byExec = await byEngine(box, argv, options);

    expect(byShim.pid).toBeGreaterThan(1);
    expect(byShim.exitCode).toBe(0);
    expect(sorted(byShim.output)).toEqual(sorted(byExec.output));
  });

  it.each([
    ['is not there', ['no-such-program']],
    ['is not there, by its path', ['/no/such/program']],
    ['is a directory', ['/usr']],
    ['may not be executed', ['/etc/passwd']],
    ['is a script whose interpreter is not there', ['/tmp/broken']],
    ['is neither a script nor a binary', ['/tmp/text']],
    ['has a name like an option', ['-c']],
  ])('does not start if it %s', async (_name, argv) => {
    const { pid, output, exitCode } = await throughShim(box, argv, {});

    expect({ pid, output }).toEqual({ pid: undefined, output: '' });
    expect([126, 127]).toContain(exitCode);
  });
});

interface Options {
  env?: Record<string, string>;
  cwd?: string;
  user?: string;
}

async function throughShim(box: Box, argv: string[], options: Options) {
  const { Config } = await box.docker.inspect();
  const own = Config.Env.map((variable) => /^([^=]*)=([^]*)$/.exec(variable)?.slice(1) ?? []);
  const all = { ...(Object.fromEntries(own) as Record<string, string>), ...options.env };
  const { output, exitCode } = await byEngine(
    box,
    shimArguments({ argv, env: all, size: undefined }),
    options,
  );
  const [, pid, rest = output] = /^\0(\d+)\0([^]*)$/.exec(output) ?? [];
  return { pid: pid === undefined ? undefined : Number(pid), output: rest, exitCode };
}

/** Runs a program by a plain exec of the engine. */
async function byEngine(box: Box, argv: string[], { env = {}, cwd, user }: Options) {
  const exec = await createExec(box, { argv, env, cwd, user }, { stdin: false });
  const stream = await startExec(box, exec, { stdin: false });
  const pieces: Buffer[] = [];
  readFrames(stream, (_, bytes) => pieces.push(bytes));
  await ended(stream);
  return { output: Buffer.concat(pieces).toString(), exitCode: (await exitState(box, exec)).ExitCode };
}

function sorted(output: string): string[] {
  return output.split('\0').sort();
}
