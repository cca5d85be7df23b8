import { inContainer } from '../container/container-state';
import { checkOptions } from '../support/options/check-options';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import type { ServiceContainer } from './service-container';
import { waitForService, type WaitStatus } from './wait';

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForExit(service: ServiceContainer, options: WaitOptions = {}): Promise<number> {
  checkOptions(options, waitChecks);
  const { container } = service;
  let exitCode = 0;
  const look = async (): Promise<WaitStatus> => {
    const { State } = await inContainer(container, () => container.docker.inspect());
    exitCode = State.ExitCode;
    return { ready: !State.Running, seen: 'process 1 is running' };
  };
  await waitForService(service, {
    for: 'process 1 to end',
    timeout: options.timeout ?? defaultTimeout,
    // The engine tells of the end by itself, so this look is only for a container that has ended before.
    interval: 1000,
    look,
    lastLook: look,
  });
  return exitCode;
}
