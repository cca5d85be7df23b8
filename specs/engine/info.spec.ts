import { readFileSync } from 'node:fs';
import { connectEngine } from '../../src/engine/connect/connection';
import { engineVersion } from '../../src/engine/engine-version';
import { info } from '../../src/engine/info';
import { isLocalEngine } from '../../src/engine/local';
import { resolveImage } from '../../src/image/sources/resolve';

describe('what the engine says about itself', () => {
  it('are the facts of its machine', async () => {
    const facts = await info();

    expect(facts).toMatchObject({
      version: (await engineVersion()).version,
      rootDirectory: expect.stringMatching(/^\//) as string,
      cgroupVersion: expect.stringMatching(/^[12]$/) as string,
      isPodman: expect.any(Boolean) as boolean,
    });
    expect(facts.cpus).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(100e6);
  });
});

describe('an engine is local', () => {
  it("exactly if its containers' processes are among ours", async () => {
    await using container = await makeContainer(['sleep', '300']);
    await container.start();
    const { State } = await container.inspect();

    const { isLocal } = await info();

    expect(isLocal).toBe(isProcessOf(State.Pid, container.id));
  });

  it('not if its name, its kernel or its socket is another', async () => {
    const { name, kernel } = await info();
    const endpoint = { host: 'unix:///var/run/docker.sock', source: 'a spec' };

    expect(isLocalEngine(endpoint, { name: 'another-machine', kernel })).toBe(false);
    expect(isLocalEngine(endpoint, { name, kernel: '1.0.0' })).toBe(false);
    expect(isLocalEngine({ ...endpoint, host: 'unix:///run/forwarded.sock' }, { name, kernel })).toBe(false);
    expect(isLocalEngine({ ...endpoint, host: 'tcp://127.0.0.1:2375' }, { name, kernel })).toBe(false);
  });
});

/** A container of our own in the engine, forced away at the end. */
async function makeContainer(Cmd: string[]) {
  const { docker } = await connectEngine();
  const image = await resolveImage();
  const container = await docker.createContainer({
    Image: image.reference,
    Cmd,
    Labels: { 'belljar-spec': 'info' },
    HostConfig: { NetworkMode: 'none' },
  });
  return Object.assign(container, {
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await container.remove({ force: true, v: true });
    },
  });
}

/** Whether our `/proc` has this process, in this container's control group or name. */
function isProcessOf(pid: number, containerId: string): boolean {
  try {
    return ['cgroup', 'mountinfo'].some((file) =>
      readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(containerId),
    );
  } catch {
    return false;
  }
}
