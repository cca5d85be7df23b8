import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { isListOfStrings, isWholeNumber, must } from '../support/options/option-checks';

/**
 * A command that the engine runs in a container again and again, as `HEALTHCHECK` in a Dockerfile. Exit code 0 means
 * that the container is healthy. The names are testcontainers', except `command`.
 */
export interface HealthCheck {
  /** A script for the container's `/bin/sh`, or a program and its arguments. */
  command: string | readonly string[];
  /** How long after one check the next begins, in milliseconds. Default: the image's, or 30,000. */
  interval?: number;
  /** How long a check may take, in milliseconds. Default: the image's, or 30,000. */
  timeout?: number;
  /** How many failures in a row make the container unhealthy. Default: the image's, or 3. */
  retries?: number;
  /** How long after the container's start failures don't count, in milliseconds. Default: the image's, or 0. */
  startPeriod?: number;
}

const fromOne = must('must be a whole number, 1 or more', (value) => isWholeNumber(value, 1, Infinity));

const checks = {
  command: must('must be a script, or a list of words', isCommand),
  interval: fromOne,
  timeout: fromOne,
  retries: fromOne,
  startPeriod: must('must be a whole number, 0 or more', (value) => isWholeNumber(value, 0, Infinity)),
} satisfies OptionChecks<HealthCheck>;

/**
 * Checks the option `healthCheck` of a container.
 *
 * @throws InvalidOptionError
 */
export function checkHealthCheck(name: string, healthCheck: unknown): void {
  checkOptions(healthCheck, checks, name);
  checks.command(`${name}: command`, (healthCheck as Partial<HealthCheck>).command);
}

/** Returns the check as the engine takes it (Engine API, "Create a container": `Healthcheck.Test`). */
export function healthCheckTest({ command }: HealthCheck): ['CMD-SHELL', string] | ['CMD', ...string[]] {
  return typeof command === 'string' ? ['CMD-SHELL', command] : ['CMD', ...command];
}

function isCommand(command: unknown): boolean {
  if (Array.isArray(command)) return command.length > 0 && isListOfStrings(command);
  return typeof command === 'string' && command !== '';
}
