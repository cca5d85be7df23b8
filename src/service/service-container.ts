import type { Commands } from '../command/commands';
import type { StartedContainer } from '../container/started-container';
import { shortId } from '../support/short-id';

/** The container of a service, with a function to run commands in it. */
export interface ServiceContainer {
  readonly container: StartedContainer;
  readonly commands: Pick<Commands, 'run'>;
}

/** Returns a container's name for messages. */
export function nameOf({ id, image }: StartedContainer): string {
  return `container ${shortId(id)} (${image.reference})`;
}
