import { isBox, type Box } from '../box/box';
import { isImage, type Image } from '../image/image';
import { isHost, type Host } from '../isolation/host/host';
import type { HostUnchangedOptions } from '../isolation/host/unchanged';
import { InvalidOptionError } from '../support/errors';
import type { MatcherContext, MatcherResult } from './support/message';
import { containerUnchanged, type ContainerUnchangedOptions } from './support/unchanged-container';
import { hostUnchanged } from './support/unchanged-host';
import { imageUnchanged, type ImageUnchangedOptions } from './support/unchanged-image';

/** `ignore` and `under` for a container, `depth` and `fingerprint` for an image, `since` for the host. */
export type UnchangedOptions = ContainerUnchangedOptions | ImageUnchangedOptions | HostUnchangedOptions;

export async function toBeUnchanged(
  this: MatcherContext,
  received: Box | Image | Host,
  options: UnchangedOptions = {},
): Promise<MatcherResult> {
  if (isBox(received)) return containerUnchanged(this, received, options as ContainerUnchangedOptions);
  if (isImage(received)) return imageUnchanged(this, received, options as ImageUnchangedOptions);
  if (isHost(received)) return hostUnchanged(this, options as HostUnchangedOptions);
  throw new InvalidOptionError(
    'The value given to expect()',
    'must be a container that belljar started, an image of belljar, or host',
    received,
  );
}
