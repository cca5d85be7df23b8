import { inspect } from 'node:util';
import type { ContainerOptions } from '../container/options';
import { printable } from '../support/printable';
import { redactedEnvironment } from '../support/secrets/redact';

/** Formats the options of a container, one on each line, without secrets. */
export function formatOptions(options: ContainerOptions): string[] {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return ['none'];
  return entries
    .sort()
    .map(([name, value]) => `${name}: ${formatValue(name as keyof ContainerOptions, value)}`);
}

function formatValue(name: keyof ContainerOptions, value: unknown): string {
  switch (name) {
    case 'env':
      return shown(redactedEnvironment(value as Record<string, string>));
    case 'redact':
      return `${(value as unknown[]).length} given`;
    case 'files':
      return shown((value as { target: string }[]).map(({ target }) => target));
    case 'customize':
      return 'a function';
    default:
      return shown(value);
  }
}

function shown(value: unknown): string {
  return printable(inspect(value, { depth: 2, breakLength: Infinity, maxStringLength: 1000 }));
}
