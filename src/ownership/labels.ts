import type { Run } from './run';

/** The label of everything that belljar makes in an engine. belljar never touches anything without it. */
export const ownLabel = 'belljar';

/** The label with the id of the run that owns a resource. */
export const runLabel = 'belljar.run';

/**
 * The label of containers that belljar starts by itself. If a run ends before they are removed, they are not leaks: no
 * test forgot them.
 */
export const pooledLabel = 'belljar.stock';

/** Returns the labels of a container that belljar starts for a purpose of its own. */
export function purposeLabels(purpose: string): Record<string, string> {
  return { 'belljar.purpose': purpose, [pooledLabel]: '1' };
}

/** Returns the labels that say which run owns a resource. */
export function labelsOf(run: Run): Record<string, string> {
  return {
    [ownLabel]: '1',
    [runLabel]: run.id,
    'belljar.pid': String(run.pid),
    'belljar.pid-start': run.pidStart,
    'belljar.pid-namespace': run.pidNamespace,
    'belljar.boot': run.bootId,
    'belljar.machine': run.machine,
  };
}

/** Returns the run that a resource's labels name, or undefined if the resource is not belljar's. */
export function runOf(labels: Readonly<Record<string, string>>): Run | undefined {
  const id = labels[runLabel];
  if (labels[ownLabel] === undefined || id === undefined) return undefined;
  return {
    id,
    pid: Number(labels['belljar.pid']),
    pidStart: labels['belljar.pid-start'] ?? '',
    pidNamespace: labels['belljar.pid-namespace'] ?? '',
    bootId: labels['belljar.boot'] ?? '',
    machine: labels['belljar.machine'] ?? '',
  };
}

/**
 * The prefix of a retained container's name. The engine can't change the labels of a container, but it can rename it.
 */
export const retainedPrefix = 'belljar-kept-';

/** Returns whether a container of belljar's is one that was retained. */
export function isRetainedName(name: string): boolean {
  return name.startsWith(retainedPrefix);
}
