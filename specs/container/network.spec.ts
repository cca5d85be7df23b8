import { startContainer } from '../../src';
import { networksLabelled } from '../support/engine-state';

describe('A network that containers share by name', () => {
  it('lets them find each other by host name, and is gone with the last of them', async () => {
    const leader = await startContainer({ network: 'cluster', hostname: 'leader' });
    const worker = await startContainer({ network: 'cluster', hostname: 'worker' });

    const { stdout } = await worker.$`getent hosts leader`;
    expect(stdout).toContain(leader.ip);

    await leader.remove();
    expect(await networksLabelled('belljar.network=cluster')).toHaveLength(1);
    await worker.remove();
    expect(await networksLabelled('belljar.network=cluster')).toEqual([]);
  });

  it('is another one under another name', async () => {
    await using one = await startContainer({ network: 'one', hostname: 'one' });
    await using two = await startContainer({ network: 'two', hostname: 'two' });

    expect(one.ip.split('.').slice(0, 3)).not.toEqual(two.ip.split('.').slice(0, 3));
    await expect(two.$`getent hosts one`).toExitWith(2);
  });
});
