import { startNetwork } from '../../src';
import { ContainerError } from '../../src/container/errors';
import type { Network } from '../../src/container/network';
import { startPrivateEngine } from '../../src/engine/private/private-engine';
import { engineRoom, uniqueName } from '../../tooling/engine/private-engines';
import { describeAsRoot } from '../../tooling/spec-helpers/modes';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

jest.setTimeout(120_000);

describeAsRoot('An engine whose networks use up its addresses', () => {
  it('is told from other failures, with what to do about it', async () => {
    await using room = engineRoom();
    // The default bridge and three networks of /24 fit into it.
    const subnet = '10.251.84.0/22';
    const engine = await startPrivateEngine({
      ...room.options,
      name: uniqueName('addresses'),
      subnet,
      use: true,
    });
    const networks: Network[] = [];
    try {
      const startMany = async (): Promise<void> => {
        for (let count = 0; count < 6; count += 1) networks.push(await startNetwork());
      };

      const error = await rejectionOf(startMany(), ContainerError);

      expect(networks.length).toBeGreaterThan(0);
      expect(error.code).toBe('NO_ADDRESSES');
      expect(error.message).toMatch(
        /^The engine has no addresses left for the network network-\w+: its networks use up/,
      );
      expect(error.message).toContain("useNetwork({ scope: 'file' })");
      expect(error.message).toContain('"default-address-pools" in the engine\'s daemon.json');
      expect(error.message).toMatch(/\nThe engine: .*(non-overlapping IPv4 address pool|fully subnetted)/);
    } finally {
      await Promise.all(networks.map((network) => network.remove()));
      await engine.stop();
    }
  });
});
