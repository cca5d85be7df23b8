import type { Run } from './run';

/** On everything that belljar makes in an engine. Nothing without it is ever touched. */
export const ownLabel = 'belljar';

/** The labels that say which run owns a thing. */
export function labelsOf(run: Run): Record<string, string> {
  return {
    [ownLabel]: '1',
    'belljar.run': run.id,
    'belljar.pid': String(run.pid),
    'belljar.pid-start': run.pidStart,
    'belljar.boot': run.bootId,
  };
}

/** The run that a thing's labels name, or undefined where it isn't belljar's. */
export function runOf(labels: Readonly<Record<string, string>>): Run | undefined {
  const id = labels['belljar.run'];
  if (labels[ownLabel] === undefined || id === undefined) return undefined;
  return {
    id,
    pid: Number(labels['belljar.pid']),
    pidStart: labels['belljar.pid-start'] ?? '',
    bootId: labels['belljar.boot'] ?? '',
  };
}
