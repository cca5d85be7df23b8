import { outputEndOf } from '../command/errors';
import { processChecks, type CommandOptions } from '../command/options';
import { formatCommand } from '../command/origin';
import type { CommandResult } from '../command/result';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { redactorOf } from '../support/secrets/redact';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import type { ServiceContainer } from './service-container';
import { waitForService, type WaitStatus } from './wait';

/** Options of the command, and of the wait for its success. */
export interface CommandWaitOptions extends WaitOptions, Pick<CommandOptions, 'cwd' | 'env' | 'user'> {}

const checks = { ...waitChecks, ...processChecks } satisfies OptionChecks<CommandWaitOptions>;

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForCommand(
  service: ServiceContainer,
  file: string,
  args: readonly string[] = [],
  options: CommandWaitOptions = {},
): Promise<void> {
  checkOptions(options, checks);
  const { cwd, env, user, timeout = defaultTimeout } = options;
  const { commands } = service;
  await waitForService(service, {
    for: `${formatCommand([file, ...args], redactorOf(service.container))} to exit with 0`,
    timeout,
    interval: 100,
    look: async (time) => {
      const result = await commands.run(file, args, { cwd, env, user, reject: false, cancelSignal: time });
      return formatResult(result);
    },
  });
}

function formatResult(result: CommandResult): WaitStatus {
  const how = result.isCanceled
    ? 'it was still running'
    : result.exitCode === undefined
      ? `it did not start (${result.code ?? 'unknown reason'})`
      : `it exited with code ${result.exitCode}`;
  return { ready: result.exitCode === 0, seen: `${how}${outputEndOf(result) || ', and printed nothing'}` };
}
