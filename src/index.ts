import type { DerivableImage } from './box/image';
import { buildDerivable, inspectDerivable, resolveDerivable } from './box/images';
import { doctor } from './doctor/doctor';
import { engineVersion } from './engine/engine-version';
import { info } from './engine/info';
import { startPrivateEngine, stopPrivateEngine } from './engine/private/private-engine';
import { parseReference } from './image/reference/reference';

export type { Box } from './box/box';
export type { DeriveOptions, ImageSetUp } from './box/derive';
export { startContainer, withContainer, type ImageChoice, type StartOptions } from './pool/start-container';
export {
  startContainers,
  type Boxes,
  type MemberOptions,
  type Members,
  type StartContainersOptions,
} from './pool/start-containers';
export { openPool } from './pool/warm-pool';
export type { CommandTemplate, Commands } from './command/commands';
export { CommandError } from './command/error';
export type { CommandOptions } from './command/options';
export type { CommandResult } from './command/result';
export type { SpawnedProcess } from './command/spawn/spawn';
export type { OutputWaitOptions, SpawnOptions } from './command/spawn/options';
export type { TemplateItem, TemplateValue } from './command/template';
export { SpawnError } from './command/spawn/wait-for-output';
export { ContainerError } from './container/errors';
export type { HealthCheck } from './container/health-check';
export { startNetwork, type Network } from './container/network';
export type { ContainerOptions, FileToCopy } from './container/options';
export type { StartedContainer } from './container/started-container';
export type { DoctorReport } from './doctor/report';
export { EngineError } from './engine/errors';
export type { StartPrivateEngineOptions } from './engine/private/options';
export { PrivateEngineError } from './engine/private/errors';
export type { PrivateEngine } from './engine/private/private-engine';
export type { BuildOptions } from './image/sources/build';
export { ImageError, ImageReferenceError } from './image/errors';
export type { Change, ChangeKind, Changes } from './filesystem/changes/change';
export { formatChanges } from './filesystem/changes/format';
export type { ChangesOptions } from './filesystem/changes/changes';
export { CopyError, FileError } from './filesystem/errors';
export type { Files } from './filesystem/files';
export type { ImageConfig } from './image/facts';
export type { ImageReference } from './image/reference/reference';
export { host, type Host } from './isolation/host/host';
export { useContainer, useContainers, useNetwork } from './jest/fixtures';
export type { UseContainerOptions } from './runner/use-container';
export type { UseContainersOptions } from './runner/use-containers';
export type { UseNetworkOptions } from './runner/use-network';
export { IsolationError } from './isolation/errors';
export type { HostIsolationOptions } from './isolation/from-host';
export type { ContainerIsolationOptions } from './isolation/from-container';
export { MatcherError } from './matchers/support/errors';
export type { UnchangedOptions } from './matchers/to-be-unchanged';
export type { DirectoryExpectation } from './matchers/to-have-directory';
export type { FileExpectation } from './matchers/to-have-file';
export type { SymlinkExpectation } from './matchers/to-have-symlink';
export type { BelljarMatchers } from './matchers/types';
export { ServiceError } from './service/errors';
export type { CommandWaitOptions } from './service/wait-for-command';
export type { HttpWaitOptions } from './service/wait-for-http';
export type { ServiceWaits } from './service/waits';
export { BelljarError, InvalidOptionError } from './support/errors';
export { TerminalError } from './terminal/errors';
export type { WaitOptions } from './support/wait-options';
export type { TerminalOptions } from './terminal/options';
export { screenToSvg } from './terminal/picture';
export type { Cell, Color, Screen } from './terminal/screen';
export type { Terminal } from './terminal/terminal';
export type { IdleOptions, PromptOptions } from './terminal/wait';

/** The engine that this process uses, and engines of belljar's own. */
export const engine = {
  info,
  version: engineVersion,
  doctor,
  startPrivate: startPrivateEngine,
  stopPrivate: stopPrivateEngine,
};

/** An image in the engine. */
export type Image = DerivableImage;

/** Images by their references. */
export const Image = {
  /** The image that a reference names, made present in the engine. */
  resolve: resolveDerivable,
  /** An image built from a Dockerfile. */
  build: buildDerivable,
  /** The image as the engine has it now; nothing is fetched. */
  inspect: inspectDerivable,
  /** A reference taken apart. */
  parse: parseReference,
};
