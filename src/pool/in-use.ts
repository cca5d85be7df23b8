import type { Box } from '../box/box';
import type { Network } from '../container/network';
import type { CallSite } from '../support/call-site';
import { attachedBoxes } from './attach';
import { trackCalls } from './calls';
import { currentTestObserver, type RunningTest } from './test-observer';

/** Where a box or network in use comes from. */
export interface Origin {
  /** The test that started it; undefined if the test is not known. */
  test: RunningTest | undefined;
  /** The call that started it; undefined if belljar itself removes it. */
  site: CallSite | undefined;
}

const boxes = new Map<Box, Origin>();
const networks = new Map<Network, Origin>();

/** Notes that a box is in use, until its removal. */
export function useBox(box: Box, site: CallSite | undefined): void {
  const test = currentTestObserver()?.currentTest();
  boxes.set(box, { test, site });
  trackCalls(box);
  const forget = (): void => {
    boxes.delete(box);
    currentTestObserver()?.removed(box, test);
  };
  box.removal.addEventListener('abort', forget, { once: true });
}

/** Notes that a network is in use. Returns a function that notes the end. */
export function useNetwork(network: Network, site: CallSite): () => void {
  networks.set(network, { test: currentTestObserver()?.currentTest(), site });
  return () => networks.delete(network);
}

/** Returns the boxes that were handed out and are not removed yet, with the origin of each. */
export function boxesInUse(): [Box, Origin][] {
  return [...boxes];
}

/** Returns the networks that were started and are not removed yet, with the origin of each. */
export function networksInUse(): [Network, Origin][] {
  return [...networks];
}

/**
 * Returns the living boxes that a test may use: its own, and those that belong to no test.
 *
 * @param test as the test observer's `currentTest()` returned it
 */
export function boxesOf(test: RunningTest): Box[] {
  const owned = [...boxes].map(([box, origin]) => [box, origin.test] as const);
  return [...owned, ...attachedBoxes]
    .filter(([, owner]) => owner === undefined || owner === test)
    .map(([box]) => box);
}
