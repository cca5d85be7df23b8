import type { Commands } from '../command/commands';
import type { StartedContainer } from '../container/started-container';
import { shortId } from '../support/short-id';

/** What a service runs in: a container, and a way to run commands there. */
export interface ServiceContainer {
  readonly container: StartedContainer;
  readonly commands: Pick<Commands, 'run'>;
}

/** A container's name in messages. */
export function nameOf({ id, image }: StartedContainer): string {
  return `container ${shortId(id)} (${image.reference})`;
}
