import type { Redactor } from '../support/secrets/redact';
import type { CommandOptions } from './options';
import type { CommandResult } from './result';

type AnyResult = CommandResult<string | Uint8Array>;

/** What a command did, as much as is kept of it. */
export interface RecordedEnd extends Pick<
  AnyResult,
  'exitCode' | 'signal' | 'code' | 'durationMs' | 'stdout' | 'stderr'
> {
  /** Why it has no result: its container went, or something else that is no command's fault. */
  problem?: unknown;
}

/** A command that was given to a container. */
export interface CommandRecord {
  readonly argv: readonly string[];
  readonly options: Pick<CommandOptions, 'cwd' | 'env' | 'user'>;
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number;
  /** A process that goes on, which nobody waits for. */
  readonly spawned: boolean;
  /** How often it was given with the same end, one right after another. */
  times: number;
  /** Undefined while it runs. */
  end: RecordedEnd | undefined;
  /** What it has done so far, while it runs. */
  soFar: (() => AnyResult) | undefined;
}

/** A command's place in a transcript. */
interface OpenRecord {
  end(result: AnyResult): void;
  fail(problem: unknown): void;
}

/**
 * The last commands that were given to a container. Keeping them costs next to nothing: nothing is formatted before
 * somebody asks, and no more is kept than `transcriptLimits`.
 */
export interface CommandLog {
  begin(command: Omit<CommandRecord, 'startedAt' | 'times' | 'end'>): OpenRecord;
  readonly records: readonly CommandRecord[];
  /** How many commands were before those. */
  readonly forgotten: number;
}

/** Outputs and arguments are counted by characters or bytes, as they come. */
const commandLogLimits = { commands: 200, output: 8_000, argument: 4_000, all: 1_000_000 };

export function createCommandLog(redactor: Redactor): CommandLog {
  const records: CommandRecord[] = [];
  let size = 0;
  let forgotten = 0;
  const forgetSurplus = (): void => {
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
    forgetSurplus();
  };
  return {
    records: records,
    get forgotten() {
      return forgotten;
    },
    begin: (command) => {
      // Of the options no more than this: the rest may hold much input.
      const { cwd, env, user } = command.options;
      const record: CommandRecord = {
        argv: command.argv.map((argument) => startOf(argument, redactor)),
        options: { cwd, env, user },
        startedAt: Date.now(),
        spawned: command.spawned,
        times: 1,
        end: undefined,
        soFar: command.soFar,
      };
      records.push(record);
      size += sizeOf(record);
      return {
        end: (result) => close(record, recordEnd(result, redactor)),
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

/** Whoever polls by a command gives the same one again and again. */
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
  const most = commandLogLimits.argument;
  return argument.length <= most ? argument : `${own(redact(argument).slice(0, most))}…`;
}

/** Half a secret would not be found later: it is taken out before the cut. */
function endOf(output: string | Uint8Array, { hasSecrets, redact }: Redactor): string | Uint8Array {
  const most = commandLogLimits.output;
  if (output.length <= most) return output;
  if (!hasSecrets)
    return typeof output === 'string' ? own(output.slice(-most)) : Buffer.from(output.subarray(-most));
  return own(redact(typeof output === 'string' ? output : Buffer.from(output).toString()).slice(-most));
}

/** A piece of a string keeps all of it in memory, a copy does not; so it is with bytes. */
function own(piece: string): string {
  return Buffer.from(piece).toString();
}
