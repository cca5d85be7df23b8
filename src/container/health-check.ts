import { InvalidOptionError } from '../support/errors';

/**
 * What the engine runs in a container again and again to see whether it is healthy, as `HEALTHCHECK` in a Dockerfile.
 * Exit code 0 says that it is. The words are testcontainers', but for `command`.
 */
export interface HealthCheck {
  /** A script for the container's `/bin/sh`, or a program and its arguments. */
  command: string | readonly string[];
  /** How long after one check the next begins, in milliseconds. Default: the image's, or 30,000. */
  interval?: number;
  /** How long a check may take, in milliseconds. Default: the image's, or 30,000. */
  timeout?: number;
  /** How many failures in a row make it unhealthy. Default: the image's, or 3. */
  retries?: number;
  /** How long after the start failures don't count, in milliseconds. Default: the image's, or 0. */
  startPeriod?: number;
}

/** @throws InvalidOptionError */
export function checkHealthCheck(healthCheck: unknown): void {
  if (typeof healthCheck !== 'object' || healthCheck === null) {
    throw new InvalidOptionError('healthCheck', 'must be an object with a command', healthCheck);
  }
  const { command, ...numbers } = healthCheck as { command?: unknown } & Record<string, unknown>;
  if (!isCommand(command)) {
    throw new InvalidOptionError('healthCheck: command', 'must be a script, or a list of words', command);
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (!numberNames.has(name)) {
      const known = ['command', ...numberNames].join(', ');
      throw new InvalidOptionError(`healthCheck: ${name}`, `is not an option; there are ${known}`, value);
    }
    if (value !== undefined && !isWhole(value, name === 'startPeriod' ? 0 : 1)) {
      throw new InvalidOptionError(`healthCheck: ${name}`, 'must be a whole number', value);
    }
  }
}

/** As the engine takes it (Engine API, "Create a container": `Healthcheck.Test`). */
export function healthCheckTest({ command }: HealthCheck): ['CMD-SHELL', string] | ['CMD', ...string[]] {
  return typeof command === 'string' ? ['CMD-SHELL', command] : ['CMD', ...command];
}

const numberNames = new Set(['interval', 'timeout', 'retries', 'startPeriod']);

function isCommand(command: unknown): boolean {
  if (Array.isArray(command)) return command.length > 0 && command.every((word) => typeof word === 'string');
  return typeof command === 'string' && command !== '';
}

function isWhole(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least;
}
