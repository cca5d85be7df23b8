import type { Redactor } from '../support/secrets/redact';
import type { CommandOptions } from './options';
import type { CommandResult } from './result';
import { timeOfDay } from '../support/time';

type AnyResult = CommandResult<string | Uint8Array>;

/** The recorded end of a command, with no more than the last part of its output. */
export interface RecordedEnd extends Pick<
  AnyResult,
  'exitCode' | 'signal' | 'code' | 'durationMs' | 'stdout' | 'stderr'
> {
  /** The error that came instead of a result, such as a container that was removed. */
  problem?: unknown;
}

/** The record of a command. */
export interface CommandRecord {
  readonly argv: readonly string[];
  readonly options: Pick<CommandOptions, 'cwd' | 'env' | 'user'>;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether it is a spawned process, which runs in the background. */
  readonly spawned: boolean;
  /** How many times in a row the command ran and ended in the same way. */
  times: number;
  /** Undefined while the command runs. */
  end: RecordedEnd | undefined;
  /** What its background processes have printed after its end, on both streams, up to a limit. */
  lateOutput: Buffer;
  /** Returns what the command has done so far. Undefined once it has ended. */
  soFar: (() => AnyResult) | undefined;
}

/** The record of a running command, to be completed. */
interface OpenRecord {
  end(result: AnyResult): void;
  addLateOutput(bytes: Buffer): void;
  fail(problem: unknown): void;
}

/**
 * The last commands of a container, within `commandLogLimits`. A record is cheap: nothing is formatted before it is
 * shown.
 */
export interface CommandLog {
  begin(command: Omit<CommandRecord, 'startedAt' | 'times' | 'end' | 'lateOutput'>): OpenRecord;
  readonly records: readonly CommandRecord[];
  /** How many older commands were dropped. */
  readonly forgotten: number;
}

/** Strings are counted in characters, buffers in bytes. */
const commandLogLimits = { commands: 200, output: 8_000, argument: 4_000, all: 1_000_000 };

/** The most output after a command's end that is kept, in bytes. */
export const maxLateOutput = 8_000;

export function createCommandLog(redactor: Redactor): CommandLog {
  const records: CommandRecord[] = [];
  let size = 0;
  let forgotten = 0;
  const dropSurplus = (): void => {
    while (
      records.length > commandLogLimits.commands ||
      (size > commandLogLimits.all && records.length > 1)
    ) {
      const oldest = records.shift();
      if (oldest !== undefined) size -= sizeOf(oldest);
      forgotten += oldest?.times ?? 0;
    }
  };
  const close = (record: CommandRecord, end: RecordedEnd): void => {
    record.soFar = undefined;
    record.end = end;
    if (!records.includes(record)) return;
    size += end.stdout.length + end.stderr.length;
    const before = records.at(-2);
    if (records.at(-1) === record && before !== undefined && isSame(before, record)) {
      size -= sizeOf(before);
      record.times += before.times;
      records.splice(-2, 1);
    }
    dropSurplus();
  };
  return {
    records,
    get forgotten() {
      return forgotten;
    },
    begin: (command) => {
      // Only these options: the input may be large.
      const { cwd, env, user } = command.options;
      const record: CommandRecord = {
        argv: command.argv.map((argument) => startOf(argument, redactor)),
        options: { cwd, env, user },
        startedAt: timeOfDay(),
        spawned: command.spawned,
        times: 1,
        end: undefined,
        lateOutput: Buffer.alloc(0),
        soFar: command.soFar,
      };
      records.push(record);
      size += sizeOf(record);
      return {
        end: (result) => close(record, recordEnd(result, redactor)),
        addLateOutput: (bytes) => {
          const room = Math.max(0, maxLateOutput - record.lateOutput.length);
          record.lateOutput = Buffer.concat([record.lateOutput, bytes.subarray(0, room)]);
        },
        fail: (problem) => close(record, { ...notEnded, problem }),
      };
    },
  };
}

const notEnded = {
  exitCode: undefined,
  signal: undefined,
  code: undefined,
  durationMs: 0,
  stdout: '',
  stderr: '',
};

function recordEnd(result: AnyResult, redactor: Redactor): RecordedEnd {
  const { exitCode, signal, code, durationMs, stdout, stderr } = result;
  return {
    exitCode,
    signal,
    code,
    durationMs,
    stdout: endOf(stdout, redactor),
    stderr: endOf(stderr, redactor),
  };
}

function sizeOf({ argv, end }: CommandRecord): number {
  const start = argv.reduce((sum, argument) => sum + argument.length, 0);
  return start + (end === undefined ? 0 : end.stdout.length + end.stderr.length);
}

/** Whether two records are of the same command with the same end, as when a test polls with a command. */
function isSame(one: CommandRecord, other: CommandRecord): boolean {
  return (
    one.end !== undefined &&
    one.end.exitCode === other.end?.exitCode &&
    one.end.code === other.end?.code &&
    one.argv.length === other.argv.length &&
    one.argv.every((argument, index) => argument === other.argv[index])
  );
}

function startOf(argument: string, { redact }: Redactor): string {
  const max = commandLogLimits.argument;
  return argument.length <= max ? argument : `${own(redact(argument).slice(0, max))}…`;
}

/** Redacts the output before it is cut, because half a secret would not be found later. */
function endOf(output: string | Uint8Array, { hasSecrets, redact }: Redactor): string | Uint8Array {
  const max = commandLogLimits.output;
  if (output.length <= max) return output;
  if (!hasSecrets)
    return typeof output === 'string' ? own(output.slice(-max)) : Buffer.from(output.subarray(-max));
  return own(redact(typeof output === 'string' ? output : Buffer.from(output).toString()).slice(-max));
}

/** Copies a slice, because the slice would keep the whole string in memory. */
function own(piece: string): string {
  return Buffer.from(piece).toString();
}
