import { InvalidOptionError } from '../support/errors';
import { checkMutualVisibility, type MutualVisibilityCheck } from './checks/mutual-visibility';
import { IsolationError } from './errors';
import { conclude, type Evidence, type IsolationReport } from './evidence';
import { inspectPresent, whyNotRunning } from './from-host';
import { probedAsRoot } from './probe/container-probe';
import { gatherIfPossible, type EvidenceTemplate } from './gather';
import { checkNetworkBetween, type NetworkCheck } from './checks/network';
import { checkSharing, type SharingCheck } from './checks/sharing';
import { engineSocketOf, type InspectResult, type Subject } from './subject';

/** What is checked of two containers, by the names that a failure prints. */
export type ContainerIsolationCheck = SharingCheck | MutualVisibilityCheck | NetworkCheck | 'behavior';

/** What is expected of two containers that are isolated from each other. */
export interface ContainerIsolationOptions {
  /**
   * What is expected of the network between the two.
   * - `apart` (default): no way between them, unless a spec put both in a network that somebody made for this.
   *   Docker's default bridge is none: every container is in it, and nobody asked for it.
   * - `shared`: they may reach each other.
   * - `sealed`: no way between them at all, in whatever network.
   */
  network?: 'apart' | 'shared' | 'sealed';
  /** Checks that may be open, by the names that a failure prints: `['volumes']`. Default: none. */
  allow?: readonly ContainerIsolationCheck[];
}

/**
 * Gathers evidence that nothing gets through between two containers of one engine, in either direction: what the engine
 * was told to share, which namespaces the kernel says they have in common, files and processes of each that the other
 * sees, and whether a connection gets through.
 *
 * Both must run. Leaves nothing behind in either.
 *
 * @throws IsolationError `SAME_CONTAINER`, `DIFFERENT_ENGINES`, `CONTAINER_GONE`
 * @throws InvalidOptionError
 */
export async function checkIsolationFrom(
  one: Subject,
  other: Subject,
  options: ContainerIsolationOptions = {},
): Promise<IsolationReport<ContainerIsolationCheck>> {
  const { network = 'apart' } = options;
  if (!['apart', 'shared', 'sealed'].includes(network)) {
    throw new InvalidOptionError('network', "must be 'apart', 'shared' or 'sealed'", network);
  }
  checkPair(one, other);
  const pair = [await inspectPresent(one), await inspectPresent(other)] as const;
  const gathered = await Promise.all([
    checkSharing([one, other], pair),
    gatherMutualVisibility([one, other], pair),
    checkNetworkBetween(one, pair, network),
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
  if (engineSocketOf(one) !== engineSocketOf(other)) {
    throw new IsolationError(
      'DIFFERENT_ENGINES',
      `${one.name} and ${other.name} run in different engines; only containers of one engine are compared.`,
    );
  }
}

async function gatherMutualVisibility(
  [one, other]: readonly [Subject, Subject],
  pair: readonly [InspectResult, InspectResult],
): Promise<Evidence<ContainerIsolationCheck>[]> {
  const sought: EvidenceTemplate<ContainerIsolationCheck> = {
    check: 'behavior',
    expected: 'canaries to be put into each container and looked for in the other',
    how: 'commands in both containers',
  };
  const stopped = pair.find((inspected) => whyNotRunning(inspected) !== undefined);
  const obstacle = stopped && `${stopped.Name.slice(1)}: ${whyNotRunning(stopped)}`;
  return gatherIfPossible(sought, obstacle, () =>
    checkMutualVisibility([probedAsRoot(one, pair[0]), probedAsRoot(other, pair[1])], pair),
  );
}
