import { checkOptions } from '../support/options/check-options';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import type { ServiceContainer } from './service-container';
import { formatListeners, readListeners } from './listening';
import { checkPort } from './options';
import { waitForService } from './wait';

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForPort(
  service: ServiceContainer,
  port: number,
  options: WaitOptions = {},
): Promise<void> {
  checkPort(port);
  checkOptions(options, waitChecks);
  await waitForService(service, {
    for: `something to listen on port ${port}`,
    timeout: options.timeout ?? defaultTimeout,
    interval: 25,
    look: async () => {
      const listeners = await readListeners(service);
      return {
        ready: listeners.some((listener) => listener.port === port),
        seen: formatListeners(listeners),
      };
    },
  });
}
