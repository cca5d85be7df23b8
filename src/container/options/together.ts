import { InvalidOptionError } from '../../support/errors';
import type { ContainerOptions } from '../options';
import { mountTargets } from './mounts';

/**
 * Refuses options that can't be used together.
 *
 * @param options already checked one by one
 * @throws InvalidOptionError
 */
export function checkTogether(options: ContainerOptions): void {
  checkNetworking(options);
  if (options.readOnly === true && (options.files ?? []).length > 0)
    throw new InvalidOptionError(
      'files',
      "can't be copied into a container with readOnly: true: the engine refuses. Put the files into the image, or mount " +
        'them by binds',
    );
  const targets = mountTargets(options);
  const twice = targets.find((path, index) => targets.indexOf(path) !== index);
  if (twice !== undefined)
    throw new InvalidOptionError('tmpfs, volumes and binds', 'must each have a path of their own', twice);
}

function checkNetworking({ network = 'bridge', aliases = [], ports = [] }: ContainerOptions): void {
  if (aliases.length > 0 && (network === 'bridge' || network === 'none'))
    throw new InvalidOptionError(
      'aliases',
      'needs a private network, such as network: useNetwork()',
      aliases,
    );
  if (ports.length > 0 && network === 'none')
    throw new InvalidOptionError('ports', "can't be published with network: 'none'", ports);
}
