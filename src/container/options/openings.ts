import type { ContainerOptions } from '../options';
import { beyondDefault } from './capabilities';

/** The label with the names of the options that open a container to the host, for `belljar ps`. */
export const openedLabel = 'belljar.opened-by';

/** Returns the names of the options that open a container to the host, so that it is not isolated any more. */
export function openings({
  privileged,
  capAdd = [],
  devices = [],
  binds = [],
  volumes = [],
}: ContainerOptions): string[] {
  const opens = {
    privileged: privileged === true,
    capAdd: beyondDefault(capAdd).length > 0,
    devices: devices.length > 0,
    binds: binds.length > 0,
    volumes: volumes.some((volume) => typeof volume === 'object'),
  };
  return Object.entries(opens).flatMap(([name, isOpen]) => (isOpen ? [name] : []));
}
