/** How much a line of the engine's log matters, from least to most, as logrus names it. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error' | 'fatal' | 'panic';

/** From least to most. */
const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic'];

/** One line of what `dockerd` prints. */
export interface DaemonLogLine {
  /** Undefined where the line is in neither of the two formats: a usage message, a Go stack trace. */
  level: LogLevel | undefined;
  /**
   * When it was printed, as it stands there: `2023-05-15T20:58:52.526234875+09:00`, to the nanosecond, which a Date
   * can't hold; or seconds since the start, such as `0000`.
   */
  time: string | undefined;
  /** What it says. The whole line where the format is unknown. */
  message: string;
  /** The further `key=value` pairs, with quotes and escapes taken away. */
  fields: Record<string, string>;
  /** The line as it was printed. */
  raw: string;
}

/**
 * Reads what `dockerd` printed, in both of its formats:
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

/** Reads one line. It never fails: what can't be read is kept whole, without a level. */
export function parseDaemonLogLine(raw: string): DaemonLogLine {
  return (
    parseTerminalLine(raw) ??
    parsePairsLine(raw) ?? { level: undefined, time: undefined, message: raw, fields: {}, raw }
  );
}

/** Whether the engine says with this line that it is ready for requests. */
export function saysReady(line: DaemonLogLine): boolean {
  return line.level === 'info' && line.message.startsWith('API listen on ');
}

/** The lines that somebody should see: warnings and worse, and what is in no known format, such as a usage message. */
export function logProblems(lines: readonly DaemonLogLine[]): DaemonLogLine[] {
  return lines.filter(
    ({ level }) => level === undefined || logLevels.indexOf(level) >= logLevels.indexOf('warning'),
  );
}

/** logrus cuts a level to four letters for a terminal. */
function levelNamed(name: string): LogLevel | undefined {
  const lower = name.toLowerCase();
  return logLevels.find(
    (level) => level === lower || level.slice(0, 4) === lower || (lower === 'warn' && level === 'warning'),
  );
}

// eslint-disable-next-line no-control-regex -- a terminal gets its levels and keys in color
const colors = /\u001b\[[0-9;]*m/g;

function parseTerminalLine(raw: string): DaemonLogLine | undefined {
  const [, name = '', time, rest = ''] =
    /^([A-Z]{4})\[([^\]]*)\] ?(.*)$/s.exec(raw.replace(colors, '')) ?? [];
  const level = levelNamed(name);
  if (level === undefined) return undefined;
  const { message, fields } = splitMessage(rest);
  return { level, time, message, fields, raw };
}

/** The message ends where nothing but pairs follows; logrus pads it with spaces to 44 columns. */
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

/** Text that is nothing but `key=value` pairs, or undefined. */
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

/** Undoes Go's `%q` (strconv.Quote), which is what logrus quotes with. */
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
