import { formatCommand, shortened } from '../command/origin';
import { quote } from '../command/quote';
import { maxLateOutput, type RecordedEnd, type CommandRecord, type CommandLog } from '../command/log';
import { messageOf } from '../support/errors';
import { printable } from '../support/printable';
import { redactedEnvironment, type Redactor } from '../support/secrets/redact';
import { clock, duration, tailOf } from './text';

/** Maximum of lines of each output. */
const shownLines = 40;

/** Formats the commands of a container: when each began, how long it took, how it ended and what it printed last. */
export function formatCommandLog({ records, forgotten }: CommandLog, redactor: Redactor): string[] {
  if (records.length === 0) return ['none'];
  const before = forgotten === 0 ? [] : [`… ${forgotten} earlier commands`];
  return [...before, ...records.flatMap((record) => formatRecord(record, redactor))];
}

function formatRecord(record: CommandRecord, redactor: Redactor): string[] {
  const { argv, startedAt, times } = record;
  const command = formatCommand(argv, redactor);
  const [first = '', ...others] = command.split('\n');
  const end = record.end ?? soFar(record);
  const often = times > 1 ? `  (${times} times, this was the last)` : '';
  return [
    `${clock(startedAt)}  ${outcome(record, end)}${often}`,
    `  $ ${first}`,
    ...others.map((line) => `    ${line}`),
    ...circumstances(record, redactor),
    ...output('stdout', end?.stdout, redactor),
    ...output('stderr', end?.stderr, redactor),
    ...output('printed after its end', lateOutput(record, redactor), redactor),
  ];
}

function outcome({ end, spawned }: CommandRecord, now: RecordedEnd | undefined): string {
  const what = spawned ? 'spawned process, ' : '';
  if (end === undefined) return `${what}still running, for ${duration(now?.durationMs ?? 0)}`;
  if (end.problem !== undefined) return `${what}no result: ${printable(messageOf(end.problem))}`;
  const { exitCode, signal, code, durationMs } = end;
  const why = code === undefined || code === 'EXIT_CODE' ? '' : `, ${code}`;
  const by = signal === undefined ? '' : ` (${signal})`;
  return `${what}exit code ${exitCode ?? 'unknown'}${by}${why}, ${duration(durationMs)}`;
}

function circumstances({ options: { cwd, user, env = {} } }: CommandRecord, { redact }: Redactor): string[] {
  const variables = Object.entries(redactedEnvironment(env)).map(
    ([name, value]) => `${name}=${shortened(redact(value), 200, quote)}`,
  );
  const facts = [
    ...(cwd === undefined ? [] : [`in ${cwd}`]),
    ...(user === undefined ? [] : [`as ${user}`]),
    ...(variables.length === 0 ? [] : [`with ${variables.slice(0, 20).join(' ')}`]),
  ];
  return facts.length === 0 ? [] : [`    ${printable(facts.join(', '))}`];
}

/** Half a secret at the end of what is kept would not be found, so a full record loses its end. */
function lateOutput(record: CommandRecord, { redact }: Redactor): string {
  const text = redact(record.lateOutput.toString());
  return record.lateOutput.length < maxLateOutput ? text : text.slice(0, -1000);
}

function output(name: string, bytes: string | Uint8Array = '', { redact }: Redactor): string[] {
  const text = redact(typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString());
  if (text === '') return [];
  return tailOf(text, shownLines).map((line, index) =>
    `    ${index === 0 ? `${name}: ` : '        '}${line}`.trimEnd(),
  );
}

function soFar({ soFar: read }: CommandRecord): RecordedEnd | undefined {
  try {
    return read?.();
  } catch {
    // The command has printed more than a string can hold.
    return undefined;
  }
}
