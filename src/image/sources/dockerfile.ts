/** An instruction of a Dockerfile. */
export interface Instruction {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** In upper case, without a leading `ONBUILD`: `RUN`. */
  readonly name: string;
  /** The flags that follow the name: `--mount=type=cache`. */
  readonly flags: readonly string[];
  /** What follows the flags. Lines are joined as the Dockerfile says. */
  readonly rest: string;
  /** The name of the here-document that follows, if there is one. */
  readonly hereDocument?: string;
}

/** What a Dockerfile says. */
export interface Dockerfile {
  /** The image of another frontend, which reads the Dockerfile: `# syntax=…`. */
  readonly syntax?: string;
  readonly instructions: readonly Instruction[];
}

/**
 * Reads a Dockerfile as far as is needed to tell which builder can build it. What is malformed is left to the builder.
 *
 * Source: https://docs.docker.com/reference/dockerfile/, "Parser directives", "Format" and "Here-Documents".
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const directives = directivesOf(lines);
  const escape = directives.get('escape') ?? '\\';
  const syntax = directives.get('syntax');
  const instructions: Instruction[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = at + 1;
    const { statement, next } = readStatement(lines, at, escape);
    at = next;
    const [, , name = '', after = ''] = /^(ONBUILD\s+)?([a-z]+)\s*([^]*)$/i.exec(statement) ?? [];
    if (name === '') continue;
    const [flags = ''] = /^(?:--\S+\s*)*/.exec(after) ?? [];
    const found = { line, name: name.toUpperCase(), flags: flags.split(/\s+/).filter(Boolean) };
    const rest = after.slice(flags.length);
    const end = hereDocumentEnd(found.name, rest, lines, at);
    instructions.push({ ...found, rest, ...(end && { hereDocument: end.word }) });
    if (end !== undefined) at = end.next;
  }
  return { ...(syntax === undefined ? {} : { syntax }), instructions };
}

/** Directives are comments of the form `# name=value` before everything else. */
function directivesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^#\s*([a-z]+)\s*=\s*(.*?)\s*$/i.exec(line) ?? [];
    if (name === '') break;
    directives.set(name.toLowerCase(), value);
  }
  return directives;
}

/** Joins a line with those that continue it. Comments and empty lines in between do not end it. */
function readStatement(
  lines: readonly string[],
  from: number,
  escape: string,
): { statement: string; next: number } {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    const line = (lines[at] ?? '').trim();
    at += 1;
    const isNothing = line === '' || line.startsWith('#');
    const continues = isNothing ? parts.length > 0 : line.endsWith(escape);
    if (!isNothing) parts.push(continues ? line.slice(0, -escape.length) : line);
    if (!continues || at >= lines.length) return { statement: parts.join(' '), next: at };
  }
}

/**
 * Finds the line that ends a here-document. Without such a line, `<<` is the shell's own.
 *
 * @param from the index of the line after the instruction
 */
function hereDocumentEnd(
  name: string,
  rest: string,
  lines: readonly string[],
  from: number,
): { word: string; next: number } | undefined {
  if (!['RUN', 'COPY', 'ADD'].includes(name)) return undefined;
  for (const [, dash, word = ''] of rest.matchAll(/(?:^|\s)\d*<<(-?)["']?([\w.]+)["']?/g)) {
    const end = lines.findIndex(
      (line, index) => index >= from && (dash === '-' ? line.replace(/^\t+/, '') : line) === word,
    );
    if (end !== -1) return { word, next: end + 1 };
  }
  return undefined;
}
