import type Docker from 'dockerode';
import { inContainer } from '../container/container-state';
import type { StartedContainer } from '../container/started-container';
import { InvalidOptionError } from '../support/errors';
import { outputEnd } from '../support/lines';
import { redactorOf, type Redactor } from '../support/secrets/redact';
import { checkOptions } from '../support/options/check-options';
import { defaultTimeout, waitChecks, type WaitOptions } from '../support/options/wait-options';
import { ServiceError } from './errors';
import { nameOf, type ServiceContainer } from './service-container';
import { waitForService, type WaitStatus } from './wait';

/** @throws ServiceError, InvalidOptionError, ContainerError */
export async function waitForHealthy(service: ServiceContainer, options: WaitOptions = {}): Promise<void> {
  if (Object.hasOwn(options, 'healthCheck'))
    throw new InvalidOptionError(
      'healthCheck',
      'is an option of the container, not of the wait: useContainer({ healthCheck: { command } })',
    );
  checkOptions(options, waitChecks);
  await waitForService(service, {
    for: 'the health check to say healthy',
    timeout: options.timeout ?? defaultTimeout,
    interval: 50,
    look: () => lookAtHealth(service.container),
  });
}

async function lookAtHealth(container: StartedContainer): Promise<WaitStatus> {
  const { State, Config } = await inContainer(container, () => container.docker.inspect());
  const { Health } = State;
  if (Health === undefined || Health.Status === 'none') {
    throw new ServiceError(
      'NO_HEALTH_CHECK',
      `There is no health check to wait for: neither the image of ${nameOf(container)} nor its options have one. ` +
        "Set the option { healthCheck: { command: 'curl --fail http://localhost' } }.",
    );
  }
  const seen = formatHealth(Health, Config.Healthcheck?.Interval, redactorOf(container));
  return { ready: Health.Status === 'healthy', seen };
}

type Health = NonNullable<Docker.ContainerInspectInfo['State']['Health']>;

/** Engine API, "Create a container": the interval is in nanoseconds, and 0 means the default of 30 seconds. */
function formatHealth(
  { Status, FailingStreak, Log }: Health,
  interval: number | undefined,
  secrets: Redactor,
): string {
  const last = Log.at(-1);
  if (last === undefined) {
    return `${Status}; no check has ended yet, a check starts every ${interval ? interval / 1e6 : 30_000} ms`;
  }
  const output = outputEnd('Output', last.Output, secrets) || 'The check printed nothing.';
  return `${Status}; the last check ended with code ${last.ExitCode}, ${FailingStreak} failed in a row\n${output}`;
}
