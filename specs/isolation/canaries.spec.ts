import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkIsolationFromHost } from '../../src/isolation/from-host';
import { plantInside } from '../../src/isolation/probe/container-canary';
import type { InspectResult } from '../../src/isolation/subject';
import { plantOnHost } from '../../src/isolation/probe/host-canary';
import { poll } from '../../src/support/poll';
import { startLoose } from '../../tooling/containers/loose-container';
import { traces } from '../../tooling/containers/canary-traces';
import { firstOutput } from '../../tooling/machine/first-output';
import { itAsRootBesideEngine } from '../../tooling/spec-helpers/modes';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { withMembers } from '../../tooling/spec-helpers/with-members';

const nothing = { changes: [], inside: '', files: [], processes: [] };

describe('canaries', () => {
  it('on the host are there while they are needed, and gone afterwards', async () => {
    const host = await plantOnHost();
    const planted = host.files.map((file) => existsSync(file));
    await host[Symbol.asyncDispose]();

    expect(planted).toEqual([true, true]);
    expect(host.files.map((file) => existsSync(file))).toEqual([false, false]);
  });

  it('are gone, too, if the check breaks off halfway', async () => {
    await using container = await startLoose({ NetworkMode: 'none' });
    let calls = 0;
    const run = ((...args: Parameters<typeof container.run>) => {
      calls += 1;
      return calls === 2 ? Promise.reject(new Error('the check was cut off')) : container.run(...args);
    }) as typeof container.run;

    const report = await checkIsolationFromHost(withMembers(container, { run }), { by: ['behavior'] });

    expect(report.isolated).toBe(false);
    expect(report.evidence[0]?.found).toContain('the check was cut off');
    expect(await traces(container)).toEqual(nothing);
  });

  itAsRootBesideEngine(
    'are gone, too, if no command reports back, from what the container shares with the host',
    async () => {
      await using directory = await temporaryDirectory();
      await using container = await startLoose({ Binds: [`${directory.path}:/shared`], IpcMode: 'host' });
      const run = (async (...args: Parameters<typeof container.run>) => {
        if (String(args[1]?.[1]).includes('rm -f')) throw new Error('the check was cut off');
        await container.run(...args);
        throw new Error('the check was cut off');
      }) as unknown as typeof container.run;

      const report = await checkIsolationFromHost(withMembers(container, { run }), { by: ['behavior'] });

      expect(report.evidence[0]?.found).toContain('the check was cut off');
      expect(await readdir(directory.path)).toEqual([]);
      expect(await traces(container)).toMatchObject({ inside: '', files: [], processes: [] });
    },
  );

  it('that may be left are named', async () => {
    await using container = await startLoose({ NetworkMode: 'none' });
    const subject = { ...container, as: {}, run: () => Promise.reject(new Error('the check was cut off')) };
    const nowhere = { Source: '/belljar-nowhere/missing', Destination: '/shared', RW: true };

    const planting = plantInside(subject, { Mounts: [nowhere] } as InspectResult);

    await expect(planting).rejects.toThrow(
      /cut off\. belljar's file belljar-canary-\w+ may be left in \/shared \(\/belljar-nowhere\/missing\) of /,
    );
  });

  it('are gone, too, if the process that planted them is killed with -9', async () => {
    const script = `require('./host-canary').plantOnHost().then(({ files }) => console.log(JSON.stringify(files)));`;
    const planter = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', script], {
      cwd: resolve(__dirname, '../../src/isolation/probe'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const files = JSON.parse(await firstOutput(planter)) as string[];
    const planted = files.map((file) => existsSync(file));

    planter.kill('SIGKILL');

    expect(planted).toEqual([true, true]);
    await poll(() => files.every((file) => !existsSync(file)), {
      for: 'the canaries to be gone',
      timeout: 10_000,
    });
  });
});
