import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { listOfStrings, oneOf } from '../support/options/option-checks';
import { checkMutualVisibility, type MutualVisibilityCheck } from './checks/mutual-visibility';
import { IsolationError } from './errors';
import { conclude, type Evidence, type IsolationReport } from './evidence';
import { inspectPresent, whyNotRunning } from './from-host';
import { probedAsRoot, type ContainerProbe } from './probe/container-probe';
import { gatherIfPossible, type EvidenceTemplate } from './gather';
import { checkNetworkBetween, type NetworkCheck } from './checks/network';
import { checkSharing, type SharingCheck } from './checks/sharing';
import { engineAddressOf, type InspectResult, type Subject } from './subject';

/** The checks of two containers, by the names that a failure prints. */
export type ContainerIsolationCheck = SharingCheck | MutualVisibilityCheck | NetworkCheck | 'behavior';

/** Options of the check that two containers are isolated from each other. */
export interface ContainerIsolationOptions {
  /**
   * The connection that is allowed between the two containers.
   * - `apart` (default): only a network that both containers were put in. Docker's default bridge does not count as
   *   such a network, because every container is in it without asking.
   * - `shared`: the containers may reach each other.
   * - `sealed`: no connection at all, through any network.
   */
  network?: 'apart' | 'shared' | 'sealed';
  /** Checks that may be open, by the names that a failure prints: `['volumes and mounts']`. Default: none. */
  allow?: readonly ContainerIsolationCheck[];
}

const checks = {
  network: oneOf(['apart', 'shared', 'sealed']),
  allow: listOfStrings,
} satisfies OptionChecks<ContainerIsolationOptions>;

/**
 * Gathers evidence that nothing gets through between two containers of one engine, in either direction. The evidence is
 * what the engine was told to share, common namespaces by the kernel's account, files and processes of one container
 * that are visible in the other, and attempts to connect.
 *
 * Both containers must run. All canaries are removed from both.
 *
 * @throws IsolationError `SAME_CONTAINER`, `DIFFERENT_ENGINES`, `CONTAINER_GONE`
 * @throws InvalidOptionError
 */
export async function checkIsolationFrom(
  one: Subject,
  other: Subject,
  options: ContainerIsolationOptions = {},
): Promise<IsolationReport<ContainerIsolationCheck>> {
  checkOptions(options, checks);
  const { network = 'apart' } = options;
  checkPair(one, other);
  const pair = [await inspectPresent(one), await inspectPresent(other)] as const;
  const probes = [probedAsRoot(one, pair[0]), probedAsRoot(other, pair[1])] as const;
  const gathered = await Promise.all([
    checkSharing([one, other], pair),
    gatherMutualVisibility(probes, pair),
    checkNetworkBetween(probes, pair, network),
  ]);
  return conclude<ContainerIsolationCheck>(gathered.flat(), options.allow);
}

function checkPair(one: Subject, other: Subject): void {
  if (one.id === other.id) {
    throw new IsolationError(
      'SAME_CONTAINER',
      `${one.name} can't be isolated from itself: name two containers.`,
    );
  }
  if (engineAddressOf(one) !== engineAddressOf(other)) {
    throw new IsolationError(
      'DIFFERENT_ENGINES',
      `${one.name} and ${other.name} run in different engines; belljar compares only containers of one engine.`,
    );
  }
}

async function gatherMutualVisibility(
  probes: readonly [ContainerProbe, ContainerProbe],
  pair: readonly [InspectResult, InspectResult],
): Promise<Evidence<ContainerIsolationCheck>[]> {
  const template: EvidenceTemplate<ContainerIsolationCheck> = {
    check: 'behavior',
    expected: 'canaries put into each container and searched for in the other',
    how: 'commands in both containers',
  };
  const stopped = pair.find((inspected) => whyNotRunning(inspected) !== undefined);
  const obstacle = stopped && `${stopped.Name.slice(1)}: ${whyNotRunning(stopped)}`;
  return gatherIfPossible(template, obstacle, () => checkMutualVisibility(probes, pair));
}
