import type Docker from 'dockerode';
import { ImageError } from '../errors';
import { engineMessages, type EngineMessage } from './messages';
import { followProgress, type PullProgress } from './progress';
import { progressPrinter, type ProgressOutput, type ProgressStyle } from './progress-printer';
import { explainPullFailure } from './pull-failure';
import type { ImageReference } from '../reference/reference';
import { registryCredentials } from './registry-auth';

export interface PullOptions {
  /** `linux/arm64`. Default: the engine's own. */
  platform?: string;
  /** How progress is printed, on standard error. Default `auto`: a bar on a terminal, a few lines elsewhere. */
  progress?: ProgressStyle;
  /** Where it is printed. Default `process.stderr`. */
  output?: ProgressOutput;
  /** Called with each step of the progress, printed or not. */
  onProgress?: (progress: PullProgress) => void;
  /**
   * How often a layer whose download broke off is tried again. Default: as often as the engine wants to; Docker does so
   * four times, with longer and longer pauses, which takes more than a minute.
   */
  retries?: number;
  /** Ends the pull; the engine keeps the layers it has. */
  signal?: AbortSignal;
}

/**
 * Pulls an image from its registry into the engine.
 *
 * @throws ImageError `PULL_NOT_FOUND`, `PULL_DENIED`, `REGISTRY_UNREACHABLE`, `PULL_FAILED`, `PULL_CANCELED`,
 * `CREDENTIALS_UNREADABLE`
 */
export async function pullImage(
  docker: Docker,
  reference: ImageReference,
  options: PullOptions = {},
): Promise<void> {
  const credentials = await registryCredentials(reference);
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
      : explainPullFailure(reference, error);
  } finally {
    printer.end();
  }
}

/**
 * Gives up at one retry too many. The engine counts down the seconds to each, so a number that rises begins a new one.
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
    if (retries > limit) throw new Error(`the download of layer ${id} was aborted, and not tried again`);
    layers.set(id, { retries, seconds });
    yield message;
  }
}

function canceled(reference: ImageReference, signal: AbortSignal): ImageError {
  return new ImageError('PULL_CANCELED', `The pull of ${reference.familiar} was canceled.`, {
    cause: signal.reason,
  });
}
