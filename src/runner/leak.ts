import { isRetained } from '../container/retention';
import { boxesInUse, networksInUse, type Origin } from '../pool/in-use';
import { allRemoved } from '../pool/warm-pool';
import { shortId } from '../support/short-id';
import { RunnerError } from './errors';

/** A resource that a test forgot to remove. */
export interface Leak {
  kind: string;
  id: string;
  name: string;
  /** Undefined if it is not known. */
  origin?: Origin;
}

/**
 * Returns the error `LEAKED`, which lists leaks and says how to avoid them. Its stack is that of the call that started
 * the first, so that a runner shows the user's line.
 *
 * @param when as it reads after "still in the engine": `when the tests were over`
 */
export function leakError(leaks: readonly Leak[], when: string): RunnerError {
  const error = new RunnerError(
    'LEAKED',
    [
      `These leaks were still in the engine ${when}. belljar has removed them:`,
      ...leaks.flatMap(describe),
      'useContainer() and withContainer() remove their containers by themselves. For startContainer(), write ' +
        '`await using box = await startContainer()`, or call box.remove(). Networks are removed in the same ways.',
    ].join('\n'),
  );
  const frames = leaks.find(({ origin }) => origin?.site?.place() !== undefined)?.origin?.site?.frames();
  if (frames !== undefined) error.stack = `${error.message}\n${frames}`;
  return error;
}

function describe({ kind, name, id, origin }: Leak): string[] {
  const { test, site } = origin ?? {};
  const place = site?.place();
  return [
    `  ${kind} ${name} (${shortId(id)})`,
    ...(origin === undefined
      ? []
      : [`    started ${test === undefined ? 'outside of a test' : `in the test: ${test.title}`}`]),
    ...(place === undefined ? [] : [`    started at: ${place}`]),
  ];
}

/**
 * Removes what this process has in use when it should have nothing in use. Retained containers stay.
 *
 * @returns what was removed; to be called when all tests and hooks of a file are over
 */
export async function removeLeaksOfFile(): Promise<Leak[]> {
  const boxes = boxesInUse();
  const leakedBoxes = boxes
    .filter(([box]) => !isRetained(box))
    .map(([{ id, name }, origin]): Leak => ({ kind: 'container', id, name, origin }));
  await Promise.all(boxes.map(([box]) => box.remove()));
  const networks = networksInUse();
  await Promise.all(networks.map(([network]) => network.remove()));
  await allRemoved();
  return [
    ...leakedBoxes,
    ...networks.map(([{ id, name }, origin]): Leak => ({ kind: 'network', id, name, origin })),
  ];
}
