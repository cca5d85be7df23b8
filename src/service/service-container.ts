import type { Commands } from '../command/commands';
import type { StartedContainer } from '../container/started-container';

/** What a service runs in: a container, and a way to run commands in it. */
export type ServiceContainer = StartedContainer & Pick<Commands, 'run'>;

/** A container's name in messages. */
export function nameOf({ id, image }: ServiceContainer): string {
  return `container ${id.slice(0, 12)} (${image.reference})`;
}
