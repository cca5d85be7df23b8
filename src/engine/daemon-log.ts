/** The level of a line of the engine's log, from the least to the most severe, as logrus names it. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal' | 'panic';

/** From the least to the most severe. */
const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic'];

/** A line of the log of `dockerd`. */
export interface DaemonLogLine {
  /** Undefined if the line is in neither of the two formats: a usage message, a Go stack trace. */
  level: LogLevel | undefined;
  /**
   * The time as it is printed: `2023-05-15T20:58:52.526234875+09:00`, in nanoseconds, which a Date can't hold; or the
   * seconds since the daemon's start, such as `0000`.
   */
  time: string | undefined;
  /** The message. If the format is unknown, the whole line. */
  message: string;
  /** The other `key=value` pairs, without quotes and escapes. */
  fields: Record<string, string>;
  /** The line as it was printed. */
  raw: string;
}

/**
 * Parses the log of `dockerd`, in both of its formats:
 *
 * - to a terminal: `INFO[2023-05-15T20:58:52.526234875+09:00] Starting up    key=value`, or `INFO[0000] Starting up`
 * - to a file or pipe: `time="2023-05-15T…" level=info msg="Starting up" key=value`
 *
 * Both come from logrus's text formatter (github.com/sirupsen/logrus, text_formatter.go). Empty lines are left out;
 * lines in neither format are kept, without a level.
 */
export function parseDaemonLog(text: string): DaemonLogLine[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(parseDaemonLogLine);
}

/** Parses one line. Never fails: a line that can't be parsed is kept whole, without a level. */
export function parseDaemonLogLine(raw: string): DaemonLogLine {
  return (
    parseTerminalLine(raw) ??
    parsePairsLine(raw) ?? { level: undefined, time: undefined, message: raw, fields: {}, raw }
  );
}

/** Returns whether this line says that the engine is ready for requests. */
export function saysReady(line: DaemonLogLine): boolean {
  return line.level === 'info' && line.message.startsWith('API listen on ');
}

/** Returns the lines that matter: warnings and worse, and lines of unknown format, such as a usage message. */
export function logProblems(lines: readonly DaemonLogLine[]): DaemonLogLine[] {
  return lines.filter(
    ({ level }) => level === undefined || logLevels.indexOf(level) >= logLevels.indexOf('warning'),
  );
}

/** Returns the level of a name. On a terminal, logrus cuts a level to four letters. */
function levelNamed(name: string): LogLevel | undefined {
  const lower = name.toLowerCase();
  return logLevels.find(
    (level) => level === lower || level.slice(0, 4) === lower || (lower === 'warn' && level === 'warning'),
  );
}

// eslint-disable-next-line no-control-regex -- on a terminal, levels and keys are in color
const colors = /\u001b\[[0-9;]*m/g;

function parseTerminalLine(raw: string): DaemonLogLine | undefined {
  const [, name = '', time, rest = ''] =
    /^([A-Z]{4})\[([^\]]*)\] ?(.*)$/s.exec(raw.replace(colors, '')) ?? [];
  const level = levelNamed(name);
  if (level === undefined) return undefined;
  const { message, fields } = splitMessage(rest);
  return { level, time, message, fields, raw };
}

/** Splits the message from the pairs that follow it; logrus pads the message with spaces to 44 columns. */
function splitMessage(rest: string): Pick<DaemonLogLine, 'message' | 'fields'> {
  for (const gap of rest.matchAll(/ +(?=[^\s="]+=)/g)) {
    const fields = parsePairs(rest.slice(gap.index).trim());
    if (fields !== undefined) return { message: rest.slice(0, gap.index).trimEnd(), fields };
  }
  return { message: rest.trimEnd(), fields: {} };
}

function parsePairsLine(raw: string): DaemonLogLine | undefined {
  const { time, level: name = '', msg, ...fields } = parsePairs(raw.trim()) ?? {};
  const level = levelNamed(name);
  if (level === undefined) return undefined;
  return { level, time, message: msg ?? '', fields, raw };
}

const pair = /([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?:\s+|$)/y;

/** Parses a string of `key=value` pairs; returns undefined if it contains anything else. */
function parsePairs(text: string): Record<string, string> | undefined {
  const pairs = new Map<string, string>();
  pair.lastIndex = 0;
  while (pair.lastIndex < text.length) {
    const [, key, value] = pair.exec(text) ?? [];
    if (key === undefined || value === undefined) return undefined;
    pairs.set(key, value.startsWith('"') ? unquote(value) : value);
  }
  return Object.fromEntries(pairs);
}

const escapeSequence = /((?:\\x[0-9a-fA-F]{2})+)|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\(.)/gs;

const simpleEscapes: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Undoes Go's `%q` (strconv.Quote), with which logrus quotes. */
function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(escapeSequence, (escape, bytes?: string, short?: string, long?: string, letter = '') => {
      if (bytes !== undefined) return Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString();
      const code = short ?? long;
      if (code !== undefined) return characterNumbered(code) ?? escape;
      return simpleEscapes[letter as string] ?? (letter as string);
    });
}

function characterNumbered(hexadecimal: string): string | undefined {
  const code = Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
