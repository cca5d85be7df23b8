import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { getgroups } from 'node:process';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { accessAdvice } from '../../src/engine/connect/access-denied';
import { buildForFaults } from '../../tooling/faults/build';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { describeAsRootBesideEngine } from '../../tooling/spec-helpers/modes';

/** A group that this process is not in. */
const foreign = 64_321;

describe('The advice to a user who may not open the socket of an engine', () => {
  const adviceOf = async (line: string): Promise<string> => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'group');
    writeFileSync(file, `root:x:0:\n${line}\n`);
    expect(getgroups?.()).not.toContain(foreign);
    return accessAdvice({ gid: BigInt(foreign), mode: 0o140660n }, file);
  };

  it('names the group to join, whatever its name', async () => {
    expect(await adviceOf(`whales:x:${foreign}:ada`)).toMatch(
      /The group whales may[^]*sudo usermod --append --groups whales "\$USER"[^]*rootless/,
    );
  });

  it('says to log in again if the user has joined the group since this session began', async () => {
    expect(await adviceOf(`whales:x:${foreign}:ada,${userInfo().username}`)).toMatch(
      /has been added to the group whales[^]*Log in again[^]*newgrp whales/,
    );
  });

  it('gives the number of a group without a name', async () => {
    expect(await adviceOf('')).toContain(`--groups ${foreign}`);
  });
});

describeAsRootBesideEngine('A user who may not open the socket of the engine', () => {
  const build = buildForFaults();
  const engine = createServer();

  // One of the usual places, for a machine whose engine is elsewhere: belljar asks each of them.
  beforeAll(async () => {
    chmodSync(build.directory, 0o755);
    const socket = join(build.directory, '.docker/run/docker.sock');
    mkdirSync(dirname(socket), { recursive: true });
    engine.listen(socket);
    await once(engine, 'listening');
    chownSync(socket, 0, foreign);
    chmodSync(socket, 0o660);
  });
  afterAll(() => {
    engine.close();
    build[Symbol.dispose]();
  });

  /** Runs a program without any group, in an environment that names no engine. */
  const printedBy = async (program: string): Promise<string> => {
    const nobody = 65534;
    const { all } = await execa(process.execPath, ['-e', program], {
      cwd: build.directory,
      uid: nobody,
      gid: nobody,
      env: { PATH: process.env.PATH, HOME: build.directory },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
    });
    return all;
  };

  it.each([
    [
      'a start',
      "require('./index.js').startContainer().catch((error) => console.log(error.code, error.message))",
    ],
    [
      'the set-up of a run',
      "require('./globalSetup.js').default().catch((error) => console.log(error.stack))",
    ],
    ['the doctor', "require('./index.js').engine.doctor().then(({ lines }) => console.log(lines))"],
  ])('is told by %s that there is an engine, and what opens it', async (_, program) => {
    const printed = await printedBy(program);

    expect(printed).toMatch(/There is a container engine at \S+, but this user may not open its socket\./);
    expect(printed).toMatch(/sudo usermod --append --groups/);
    expect(printed).not.toMatch(/No container engine answers|install docker/);
  });
});
