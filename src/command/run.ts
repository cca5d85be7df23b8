import type { Readable } from 'node:stream';
import type { StartedContainer } from '../container/started-container';
import { withEngineWatchdog } from '../engine/watchdog';
import { bufferOf } from '../support/bytes';
import { onAbort } from '../support/on-abort';
import { redactorOf } from '../support/secrets/redact';
import { shortId } from '../support/short-id';
import type { Transport, CommandExit } from './transport';
import { toResult, type StopReason } from './describe';
import { CommandError } from './errors';
import { checkCommand, type CommandOptions } from './options';
import { collectOutput } from './output';
import { printedCommand, withCommandOrigin } from './origin';
import type { CommandResult } from './result';
import type { CommandLog } from './log';
import { clearTimeout, elapsedTime, setTimeout } from '../support/time';

/** The default of `maxBuffer`, in bytes: execa's own. */
const defaultMaxBuffer = 100_000_000;

/**
 * Runs one command through a transport, from its options to its result.
 *
 * @param log records the command. Default: none
 * @throws InvalidOptionError for options that can't be used
 * @throws CommandError for a command that failed, unless `reject` is false
 * @throws ContainerError if the container is not running or was removed
 */
export async function runCommand(
  container: StartedContainer,
  transport: Transport,
  argv: readonly string[],
  options: CommandOptions,
  log?: CommandLog,
): Promise<CommandResult<string | Uint8Array>> {
  checkCommand(argv, options);
  const redactor = redactorOf(container);
  if (options.env !== undefined) redactor.addSecretsFrom(options.env);
  const output = collectOutput(options.maxBuffer ?? defaultMaxBuffer);
  const stop = stopper(options);
  const started = elapsedTime();
  const describe = (exit: CommandExit, reason?: StopReason): CommandResult<string | Uint8Array> => {
    const durationMs = elapsedTime() - started;
    return withCommandOrigin(toResult(argv, options, output, exit, durationMs, reason), argv, redactor);
  };
  const soFar = () => describe({ exitCode: undefined });
  const record = log?.begin({ argv, options, spawned: false, soFar });
  let exit: CommandExit = { exitCode: undefined };
  try {
    if (!stop.signal.aborted) {
      const running = transport({
        argv,
        cwd: options.cwd,
        env: options.env ?? {},
        user: options.user,
        via: options.via,
        input: inputOf(options.input),
        onOutput: (stream, bytes) => {
          if (!output.add(stream, bytes)) stop.because('MAX_BUFFER');
        },
        onLateOutput: (bytes) => record?.addLateOutput(bytes),
        stoppable: isStoppable(options),
        stop: stop.signal,
      });
      exit = await stoppedInTime(container, stop.signal, running);
    }
  } catch (error) {
    record?.fail(error);
    throw error;
  } finally {
    stop.forget();
  }
  const result = describe(exit, stop.reason());
  record?.end(result);
  return settle(container, result, options, exit);
}

/** Waits for a command. After `stop`, waits only as long as there is an engine to stop the command. */
function stoppedInTime(
  container: StartedContainer,
  stop: AbortSignal,
  running: Promise<CommandExit>,
): Promise<CommandExit> {
  const { failed } = onAbort(stop, () => withEngineWatchdog(container.docker, running));
  return Promise.race([running, failed]);
}

/** Makes one signal of everything that ends a command early. The first reason counts. */
function stopper({ timeout = 0, cancelSignal }: CommandOptions) {
  const controller = new AbortController();
  let reason: StopReason | undefined;
  const because = (why: StopReason): void => {
    reason ??= why;
    controller.abort();
  };
  const cancel = onAbort(cancelSignal, () => because('CANCELED'));
  const timer =
    timeout > 0 && Number.isFinite(timeout) ? setTimeout(() => because('TIMED_OUT'), timeout) : undefined;
  return {
    signal: controller.signal,
    because,
    reason: () => reason,
    forget: (): void => {
      clearTimeout(timer);
      cancel.forget();
    },
  };
}

/** Whether the caller may end the command. The default of `maxBuffer` does not count: few commands ever reach it. */
function isStoppable({ timeout = 0, cancelSignal, maxBuffer }: CommandOptions): boolean {
  return timeout > 0 || cancelSignal !== undefined || maxBuffer !== undefined;
}

function inputOf(input: CommandOptions['input']): Uint8Array | Readable | undefined {
  if (typeof input === 'string') return Buffer.from(input);
  return ArrayBuffer.isView(input) ? bufferOf(input) : input;
}

function settle(
  container: StartedContainer,
  result: CommandResult<string | Uint8Array>,
  options: CommandOptions,
  { problem }: CommandExit,
): CommandResult<string | Uint8Array> {
  if (!result.failed || options.reject === false) return result;
  const where = `in container ${shortId(container.id)} (${container.image.reference})`;
  throw new CommandError(result, `${headline(result, options)}: ${printedCommand(result)}`, [
    problem?.message,
    where,
  ]);
}

function headline(
  result: CommandResult<string | Uint8Array>,
  { timeout, maxBuffer }: CommandOptions,
): string {
  switch (result.code) {
    case 'TIMED_OUT':
      return `Command timed out after ${timeout ?? 0} ms and was killed`;
    case 'CANCELED':
      return 'Command was canceled';
    case 'MAX_BUFFER':
      return `Command printed more than ${maxBuffer ?? defaultMaxBuffer} bytes (maxBuffer) and was killed`;
    case 'EXIT_CODE':
      return result.signal === undefined
        ? `Command failed with exit code ${result.exitCode ?? 'unknown'}`
        : `Command failed with exit code ${result.exitCode ?? 'unknown'} (${result.signal})`;
    default:
      return `Command failed with ${result.code ?? 'no reason'}`;
  }
}
