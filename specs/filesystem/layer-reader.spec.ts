import { useContainer } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';
import { createChanges } from '../../src/filesystem/changes/changes';
import { currentRun } from '../../src/ownership/run';

describe('A layer reader', () => {
  const box = useContainer({ network: 'none' });

  /** The layer readers of this run. */
  async function readers() {
    const { docker } = await connectEngine();
    return docker.listContainers({ filters: { name: [`belljar-layers-${currentRun().id}`] } });
  }

  it('is one for all changes of a run, and has neither a network nor a right to write', async () => {
    await box.files.write('/opt/new', 'x');

    for (const { Id } of await readers())
      await (await connectEngine()).docker.getContainer(Id).remove({ force: true });
    const all = [createChanges(box, 'reader'), createChanges(box, 'reader')];
    const changes = await Promise.all(all.map((reader) => reader.changes()));

    for (const found of changes) expect(found).toMatchObject([{ kind: 'added', path: '/opt/new' }]);
    expect(await readers()).toMatchObject([
      { HostConfig: { NetworkMode: 'none' }, Mounts: [{ RW: false, Destination: '/layers' }] },
    ]);
  });

  it('sees what no tool in the container would say', async () => {
    await box.sh`printf '#!/bin/sh\nexit 0\n' >/tmp/nothing; chmod +x /tmp/nothing
      rm -rf /var/log; mkdir /var/log
      cp /tmp/nothing /usr/bin/find; cp /tmp/nothing /bin/tar; mv /tmp/nothing /bin/sh`;

    const paths = (await createChanges(box, 'reader').changes()).map(({ kind, path }) => `${kind} ${path}`);

    expect(paths).toEqual(expect.arrayContaining(['modified /usr/bin/find', 'deleted /var/log/wtmp']));
    expect(paths).toEqual((await box.changes()).map(({ kind, path }) => `${kind} ${path}`));
  });

  it('is replaced if somebody has removed it', async () => {
    await createChanges(box, 'reader').changes();
    const { docker } = await connectEngine();
    for (const { Id } of await readers()) await docker.getContainer(Id).remove({ force: true });
    await box.files.write('/opt/new', 'x');

    expect(await createChanges(box, 'reader').changes()).toMatchObject([{ path: '/opt/new' }]);
  });

  it('does not hold on to a container that is removed', async () => {
    const { docker } = await connectEngine();
    await createChanges(box, 'reader').changes();

    await box.remove();

    expect(await docker.listContainers({ all: true, filters: { id: [box.id] } })).toEqual([]);
  });
});
