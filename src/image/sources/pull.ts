import type Docker from 'dockerode';
import type { OptionChecks } from '../../support/options/check-options';
import { abortSignal, aFunction, must, numberOf, oneOf } from '../../support/options/option-checks';
import { codeOf, messageOf } from '../../support/errors';
import { ImageError } from '../errors';
import { platformName } from '../platform';
import { engineMessages, type EngineMessage } from './messages';
import { followProgress, type PullProgress } from './progress';
import { progressPrinter, type ProgressOutput, type ProgressStyle } from './progress-printer';
import { explainPullFailure } from './pull-failure';
import type { ImageReference } from '../reference/reference';
import { registryCredentials, type RegistryCredentials } from './registry-auth';

/** Options of a pull. */
export interface PullOptions {
  /** The platform of the image, such as `linux/arm64`. Default: the engine's. */
  platform?: string;
  /** How progress is printed. Default `auto`: a bar on a terminal, otherwise a few lines. */
  progress?: ProgressStyle;
  /** The stream to print progress to. Default `process.stderr`. */
  output?: ProgressOutput;
  /** Called with each update of the progress, whether it is printed or not. */
  onProgress?: (progress: PullProgress) => void;
  /**
   * The maximum number of retries for a layer whose download broke off. Default: the engine decides. Docker retries
   * four times with growing pauses, which takes more than a minute.
   */
  retries?: number;
  /** Cancels the pull; the engine keeps the layers that it has. */
  signal?: AbortSignal;
}

export const pullChecks = {
  platform: platformName,
  progress: oneOf(['auto', 'bar', 'lines', 'silent']),
  output: must(
    'must be a writable stream',
    (value) => typeof value === 'object' && value !== null && 'write' in value,
  ),
  onProgress: aFunction,
  retries: numberOf('retries'),
  signal: abortSignal,
} satisfies OptionChecks<PullOptions>;

/**
 * Pulls an image from its registry into the engine.
 *
 * @throws ImageError `PULL_NOT_FOUND`, `PULL_DENIED`, `REGISTRY_UNREACHABLE`, `PULL_FAILED`, `PULL_CANCELED`
 */
export async function pullImage(
  docker: Docker,
  reference: ImageReference,
  options: PullOptions = {},
): Promise<void> {
  const { credentials, problem } = await findCredentials(reference);
  const printer = progressPrinter(options.progress, options.output);
  const follow = followProgress(reference.familiar);
  let latest = follow();
  const report = (progress: PullProgress): void => {
    latest = progress;
    printer.update(progress);
    options.onProgress?.(progress);
  };
  try {
    options.signal?.throwIfAborted();
    report(latest);
    const stream = await docker.createImage(credentials, {
      fromImage: reference.untagged,
      tag: reference.digest ?? reference.tag,
      ...(options.platform === undefined ? {} : { platform: options.platform }),
      ...(options.signal === undefined ? {} : { abortSignal: options.signal }),
    });
    const messages = limitRetries(engineMessages(stream), options.retries ?? Infinity);
    for await (const message of messages) report(follow(message));
    report({ ...latest, state: 'done' });
  } catch (error) {
    throw options.signal?.aborted
      ? canceled(reference, options.signal)
      : explainPullFailure(reference, error, problem);
  } finally {
    printer.end();
  }
}

/**
 * Finds the credentials of a registry. As `docker pull` does, a pull goes on without credentials if they can't be read,
 * because a public image needs none. If the pull fails, its error has the problem.
 */
async function findCredentials(
  reference: ImageReference,
): Promise<{ credentials?: RegistryCredentials; problem?: string }> {
  try {
    return { credentials: await registryCredentials(reference) };
  } catch (error) {
    if (codeOf(error) !== 'CREDENTIALS_UNREADABLE') throw error;
    return { problem: messageOf(error) };
  }
}

/**
 * Throws if there are too many retries. The engine counts down to each, so a rising number of seconds begins a new one.
 */
async function* limitRetries(
  messages: AsyncIterable<EngineMessage>,
  limit: number,
): AsyncGenerator<EngineMessage> {
  const layers = new Map<string, { retries: number; seconds: number }>();
  for await (const message of messages) {
    const { id = '', status = '' } = message;
    const seconds = Number(/^Retrying in (\d+)/.exec(status)?.[1] ?? 0);
    const layer = layers.get(id) ?? { retries: 0, seconds: 0 };
    const retries = layer.retries + (seconds > layer.seconds ? 1 : 0);
    if (retries > limit)
      throw new Error(`the download of layer ${id} was aborted, and the limit of retries is reached`);
    layers.set(id, { retries, seconds });
    yield message;
  }
}

function canceled(reference: ImageReference, signal: AbortSignal): ImageError {
  return new ImageError('PULL_CANCELED', `The pull of ${reference.familiar} was canceled.`, {
    cause: signal.reason,
  });
}
