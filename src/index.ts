import type { DerivableImage } from './box/box';
import { createBox } from './box/create-box';
import { createImages, type Images } from './box/image';
import { doctor } from './doctor/doctor';
import type { DoctorReport } from './doctor/report';
import { engineVersion, type EngineVersion } from './engine/engine-version';
import { info, type EngineInfo } from './engine/info';
import { startPrivateEngine, stopPrivateEngine, type PrivateEngine } from './engine/private/private-engine';
import type { StartPrivateEngineOptions } from './engine/private/options';
import { compareVersions, requireVersion } from './engine/version';

// Containers in tests: started before a test, removed after it.
export { useContainer, useContainers, useNetwork } from './jest/fixtures';
export type { Scope as FixtureScope } from './runner/fixture';
export type { UseContainerOptions } from './runner/use-container';
export type { UseContainersOptions } from './runner/use-containers';
export type { UseNetworkOptions } from './runner/use-network';

// Containers and networks that the caller removes.
export { startContainer, withContainer, type ImageChoice, type StartOptions } from './pool/start-container';
export {
  runImage,
  type RunImageBufferOptions,
  type RunImageOmits,
  type RunImageOptions,
} from './pool/run-image';
export {
  startContainers,
  type Boxes,
  type MemberOptions,
  type Members,
  type StartContainersOptions,
} from './pool/start-containers';
export { attach, type AttachedBox, type AttachOptions } from './pool/attach';
export { openPool } from './pool/warm-pool';
export type { Box } from './box/box';
export type { HealthCheck } from './container/health-check';
export type { Network } from './container/network';
export { startNetwork } from './pool/start-network';
export type { ContainerOptions, FileToCopy } from './container/options';
export type { BindMount, MountOptions, VolumeMount } from './container/options/mounts';
export type { NetworkOptions, PortBinding } from './container/options/networking';
export type { Device, PrivilegeOptions, Ulimit } from './container/options/privileges';
export type { Attachable } from './container/started/attached-container';
export type { ContainerPort, StartedContainer } from './container/started-container';
export type { LogOptions } from './container/logs';
export type { OutputStream } from './engine/framed-stream';

// Commands in a container.
export type { CommandTag, Commands, CommandTemplate } from './command/commands';
export type { BufferOptions as BufferCommandOptions, CommandOptions } from './command/options';
export type { CommandResult } from './command/result';
export type { OutputWaitOptions, SpawnOptions } from './command/spawn/options';
export type { SpawnedProcess } from './command/spawn/spawn';
export type { TemplateItem, TemplateValue } from './command/template';
export type { TransportName } from './command/transport';

// Terminals in a container.
export type { WaitOptions } from './support/options/wait-options';
export type { TerminalOptions } from './terminal/options';
export { screenToSvg } from './terminal/picture';
export type { Cell, Color, Screen } from './terminal/screen';
export type { Terminal } from './terminal/terminal';
export type { IdleOptions, PromptOptions } from './terminal/wait';

// Waits for services in a container.
export type { CommandWaitOptions } from './service/wait-for-command';
export type { FollowedLog } from './service/log/follow-log';
export type { BasicAuth, HttpTlsOptions, HttpWaitOptions } from './service/http/wait-for-http';
export type { LogWaitOptions } from './service/log/wait-for-log';
export type { ServiceWaits } from './service/waits';

// A container's files, and what changed in it.
export type { Change, ChangeKind, Changes, Difference, FileState } from './filesystem/changes/change';
export type { ChangeReader, ChangesOptions } from './filesystem/changes/changes';
export { formatChanges } from './filesystem/changes/format';
export type { MakeDirectoryOptions, RemoveOptions } from './filesystem/directory';
export type { FileInfo, FileType, StatOptions } from './filesystem/file-info';
export type { Files } from './filesystem/files';
export type { ContainerPath } from './filesystem/path';
export type { CopyInOptions, ExtractOptions, ExtractReport } from './filesystem/copy/options';
export type { FileData, OwnershipOptions } from './filesystem/read-write';
export type { TreeEntry } from './filesystem/tree';

// Isolation, and the machine outside.
export type { BehaviorCheck } from './isolation/checks/behavior';
export type { KernelCheck, NamespaceCheck } from './isolation/checks/kernel-judgments';
export type { MutualVisibilityCheck } from './isolation/checks/mutual-visibility';
export type { NetworkCheck } from './isolation/checks/network';
export type { PostureCheck } from './isolation/checks/posture';
export type { ExposureCheck } from './isolation/checks/posture-exposure';
export type { MountCheck } from './isolation/checks/posture-mounts';
export type { NamespaceModeCheck } from './isolation/checks/posture-namespaces';
export type { KernelPathCheck } from './isolation/checks/posture-kernel-paths';
export type { PrivilegeCheck } from './isolation/checks/posture-privileges';
export type { SharingCheck } from './isolation/checks/sharing';
export type { Evidence, EvidenceStatus, IsolationReport } from './isolation/evidence';
export type { ContainerIsolationCheck, ContainerIsolationOptions } from './isolation/from-container';
export type { HostEvidenceSource, HostIsolationCheck, HostIsolationOptions } from './isolation/from-host';
export type { HostComparison, HostDifference } from './isolation/host/compare';
export type {
  FingerprintOptions as HostFingerprintOptions,
  HostEntry,
  HostEntryType,
  HostFingerprint,
  Unreadable as UnreadableHostPath,
} from './isolation/host/fingerprint';
export { host, type Host, type HostFiles } from './isolation/host/host';
export type { HostSnapshot } from './isolation/host/snapshot';
export type { HostUnchangedOptions } from './isolation/host/unchanged';
export type { Subject as IsolationSubject } from './isolation/subject';

// Matchers: 'belljar/jest' adds them to Jest's expect.
export type { ChangeExpectation } from './matchers/aspects/change-aspects';
export type { ContentExpectation } from './matchers/aspects/content-aspects';
export type { AccessExpectation } from './matchers/aspects/file-aspects';
export type { Asymmetric as AsymmetricMatcher } from './matchers/support/expected-value';
export type { ContainerUnchangedOptions } from './matchers/support/unchanged-container';
export type { ImageUnchangedOptions } from './matchers/support/unchanged-image';
export type { UnchangedOptions } from './matchers/to-be-unchanged';
export type { OnlyOptions as ChangedOnlyOptions } from './matchers/to-have-changed-only';
export type { DirectoryExpectation } from './matchers/to-have-directory';
export type { FileExpectation } from './matchers/to-have-file';
export type { SymlinkExpectation } from './matchers/to-have-symlink';
export type { ExpectedOutput } from './matchers/to-print';
export type { BelljarMatchers } from './matchers/types';

// Images.
export type { DerivableImage, ImageSetUp } from './box/box';
export type { Images } from './box/image';
export type { DeriveOptions } from './box/derive-options';
export type { ImageConfig, ImageFacts } from './image/facts';
export type { Image as ResolvedImage } from './image/image';
export type { ImageReference } from './image/reference/reference';
export type { BuildOptions } from './image/sources/build';
export type { PullProgress } from './image/sources/progress';
export type { ProgressOutput, ProgressStyle } from './image/sources/progress-printer';
export type { PullOptions } from './image/sources/pull';
export type { PullPolicy, ResolveOptions } from './image/sources/resolve';
export type { ImageDifference, ImageReport, VerifyDepth } from './image/verify/report';
export type { VerifyOptions } from './image/verify/verify';

// Engines.
export type { DoctorLine, DoctorReport, DoctorStatus } from './doctor/report';
export type { EngineEndpoint, EngineTls } from './engine/connect/endpoint';
export type { DaemonLogLine, LogLevel as DaemonLogLevel } from './engine/daemon-log';
export type { EngineVersion } from './engine/engine-version';
export type { EngineInfo } from './engine/info';
export type { PrivateEngineOptions, StartPrivateEngineOptions } from './engine/private/options';
export type { PrivateEngine } from './engine/private/private-engine';

// Errors. All are BelljarErrors; each class has a type with its codes and what they mean.
export {
  BelljarError,
  InvalidOptionError,
  PollTimeoutError,
  type InvalidOptionErrorCode,
  type PollTimeoutErrorCode,
} from './support/errors';
export {
  CommandError,
  OutputError,
  SpawnError,
  TemplateError,
  type OutputErrorCode,
  type SpawnErrorCode,
  type TemplateErrorCode,
} from './command/errors';
export type { CommandErrorCode } from './command/result';
export { ContainerError, type ContainerErrorCode } from './container/errors';
export {
  EngineError,
  PrivateEngineError,
  type EngineErrorCode,
  type PrivateEngineErrorCode,
} from './engine/errors';
export {
  CopyError,
  FileError,
  TarError,
  type CopyErrorCode,
  type FileErrorCode,
  type TarErrorCode,
} from './filesystem/errors';
export {
  ImageError,
  ImageReferenceError,
  type ImageErrorCode,
  type ImageReferenceErrorCode,
} from './image/errors';
export { IsolationError, type IsolationErrorCode } from './isolation/errors';
export { MatcherError, type MatcherErrorCode } from './matchers/support/errors';
export { RunnerError, type RunnerErrorCode } from './runner/errors';
export { ServiceError, type ServiceErrorCode } from './service/errors';
export { TerminalError, type TerminalErrorCode } from './terminal/errors';

/** The engine that this process uses, and engines of belljar's own. */
export interface Engine {
  /**
   * Returns facts about the engine in use, read anew: its machine, storage, control groups and security options.
   *
   * @throws EngineError if there is no engine
   */
  info(): Promise<EngineInfo>;
  /**
   * Returns the version of the engine in use.
   *
   * @throws EngineError if there is no engine
   */
  version(): Promise<EngineVersion>;
  /**
   * Compares two versions, as engines and clients print them: `23.0.6`, `20.10.24+dfsg1`, `28.2.0-rc.1`, `20.10`. A
   * pre-release comes before its release; what a distribution adds after `+` does not count.
   *
   * @returns a negative number if the first is older, 0 if they are equal, a positive number if the first is newer
   * @throws EngineError `VERSION_MALFORMED`
   */
  compareVersions(first: string, second: string): number;
  /**
   * Refuses a version that is too old: `engine.requireVersion((await engine.version()).version, '23.0')`.
   *
   * @param version the version that there is
   * @param minimum the oldest version that will do: `20.10`, `23.0.6`
   * @param what whose version it is, for the message. Default `Docker`
   * @throws EngineError `VERSION_TOO_OLD`; `VERSION_MALFORMED` if either is not a version
   */
  requireVersion(version: string, minimum: string, what?: string): void;
  /**
   * Looks at everything that a run needs: the engine, its version, storage and control groups, the client, the default
   * image, free disk space, and what dead runs have left. Changes nothing. A problem is reported, not thrown.
   */
  doctor(): Promise<DoctorReport>;
  /**
   * Starts a Docker engine of belljar's own beside whatever runs on this machine, and waits until it answers. From then
   * on this process uses it, unless `use: false`. The host's engine stays as it is. Processes that start the same name
   * share one engine.
   *
   * @throws InvalidOptionError for an option that can't be used
   * @throws PrivateEngineError; each of its codes
   */
  startPrivate(options?: StartPrivateEngineOptions): Promise<PrivateEngine>;
  /**
   * Stops the private engine that this process started last; does nothing if this process has not started one.
   *
   * @throws PrivateEngineError `PRIVATE_ENGINE_STOP_FAILED`
   */
  stopPrivate(): Promise<void>;
}

/** The engine that this process uses, and engines of belljar's own. */
export const engine: Engine = {
  info,
  version: engineVersion,
  compareVersions,
  requireVersion,
  doctor,
  startPrivate: startPrivateEngine,
  stopPrivate: stopPrivateEngine,
};

/** An image in the engine. */
export type Image = DerivableImage;

/** Images by their references. */
export const Image: Images = createImages(createBox);
