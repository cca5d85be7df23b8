import type { Run } from './run';

/** On everything that belljar makes in an engine. Nothing without it is ever touched. */
export const ownLabel = 'belljar';

/** The id of the run that owns a thing. */
export const runLabel = 'belljar.run';

/** The labels that say which run owns a thing. */
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

/** The run that a thing's labels name, or undefined where it isn't belljar's. */
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

/** How the names of containers begin that are retained for somebody to look at. Labels can't be changed any more then. */
export const retainedPrefix = 'belljar-kept-';

/** Returns whether a container of belljar's is one that was retained. */
export function isRetainedName(name: string): boolean {
  return name.startsWith(retainedPrefix);
}
