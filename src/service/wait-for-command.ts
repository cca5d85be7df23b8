import { lastLines } from '../command/error';
import type { CommandOptions } from '../command/options';
import type { CommandResult } from '../command/result';
import { timeoutOf, type WaitOptions } from '../support/wait-options';
import type { ServiceContainer } from './service-container';
import { checkNames } from './options';
import { waitForService, type WaitStatus } from './wait';

/** How the command runs, and how long to wait for its success. */
export interface CommandWaitOptions extends WaitOptions, Pick<CommandOptions, 'cwd' | 'env' | 'user'> {}

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForCommand(
  service: ServiceContainer,
  file: string,
  args: readonly string[] = [],
  options: CommandWaitOptions = {},
): Promise<void> {
  checkNames(options, ['cwd', 'env', 'user', 'timeout']);
  const { cwd, env, user } = options;
  const { commands } = service;
  await waitForService(service, {
    for: `${[file, ...args].join(' ')} to exit with 0`,
    timeout: timeoutOf(options),
    interval: 100,
    look: async (time) => {
      const result = await commands.run(file, args, { cwd, env, user, reject: false, cancelSignal: time });
      return describeResult(result);
    },
  });
}

function describeResult(result: CommandResult): WaitStatus {
  const how = result.isCanceled
    ? 'it was still running'
    : result.exitCode === undefined
      ? `it did not start (${result.code ?? 'no reason'})`
      : `it exited with ${result.exitCode}`;
  return { ready: result.exitCode === 0, seen: `${how}${lastLines(result) || ', and printed nothing'}` };
}
