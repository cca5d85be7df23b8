import type { Commands } from '../command/commands';
import type { StartedContainer } from '../container/started-container';

/** The container of a service, with a function to run commands in it. */
export type ServiceContainer = StartedContainer & Pick<Commands, 'run'>;

/** Returns a container's name for messages. */
export function nameOf({ id, image }: ServiceContainer): string {
  return `container ${id.slice(0, 12)} (${image.reference})`;
}
