import { types } from 'node:util';
import { isSecretName } from './names';
import { spellingsOf } from './spellings';

/** Removes secrets from text before it is printed. */
export interface Redactor {
  /** Whether there are any secrets. */
  readonly hasSecrets: boolean;
  /**
   * Replaces every secret by `[redacted]`, even if belljar has quoted or escaped it. To be called before a text is cut
   * or split into lines, because half a secret is not found.
   */
  readonly redact: (text: string) => string;
  /** Redacts text in pieces: a secret may begin in one piece and end in another. */
  readonly redactPieces: (pieces: readonly string[]) => string[];
  /** Adds the values of variables whose names say that they are secret. */
  readonly addSecretsFrom: (env: Readonly<Record<string, string>>) => void;
}

/** Replaces a secret in text. */
export const redacted = '[redacted]';

/** @param secrets strings and patterns that are secret */
export function createRedactor(secrets: readonly (string | RegExp)[] = []): Redactor {
  const texts = new Set(secrets.filter((secret) => typeof secret === 'string'));
  const patterns = secrets.filter((secret) => types.isRegExp(secret)).map(everywhere);
  let known: RegExp | undefined;
  const finders = (): RegExp[] => {
    if (texts.size > 0) known ??= anyOf([...texts].flatMap(spellingsOf));
    return known === undefined ? patterns : [known, ...patterns];
  };
  return {
    get hasSecrets() {
      return texts.size > 0 || patterns.length > 0;
    },
    redact: (text) => finders().reduce(replaceAll, text),
    redactPieces: (pieces) => finders().reduce(replaceAcross, [...pieces]),
    addSecretsFrom: (env) => {
      for (const [name, value] of Object.entries(env)) {
        if (!isSecretName(name) || !isTelling(value) || texts.has(value)) continue;
        texts.add(value);
        known = undefined;
      }
    },
  };
}

/**
 * Returns an environment sorted by name, with `[redacted]` for the value of each variable whose name says that it is
 * secret.
 */
export function redactedEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(env).map(([name, value]) => [name, isSecretName(name) ? redacted : value]);
  return Object.fromEntries(entries.sort()) as Record<string, string>;
}

/** The property under which an object has its redactor. A global symbol crosses Jest's module registries. */
const redactorName = Symbol.for('belljar.redactor');

const nothingSecret = createRedactor();

/** Returns the redactor of a container, a result or an error; one without secrets if it has none. */
export function redactorOf(thing: unknown): Redactor {
  if (typeof thing !== 'object' || thing === null) return nothingSecret;
  return (thing as { [redactorName]?: Redactor })[redactorName] ?? nothingSecret;
}

/** Attaches the redactor of an object when the object is made, once. No printer and no comparison sees it. */
export function withRedactor<Thing extends object>(thing: Thing, redactor: Redactor): Thing {
  return Object.defineProperty(thing, redactorName, { value: redactor });
}

/** Values that occur in many texts without being secret there. */
const common = new Set(['true', 'false', 'none', 'null']);

/** Returns whether a variable's value can be recognized in a text: a short one would be found everywhere. */
function isTelling(value: string): boolean {
  return value.trim().length >= 4 && !common.has(value.toLowerCase());
}

function everywhere({ source, flags }: RegExp): RegExp {
  return new RegExp(source, `${flags.replace(/[gy]/g, '')}g`);
}

/** Makes one pattern of many strings, the longest first: one secret may be the beginning of another. */
function anyOf(texts: readonly string[]): RegExp {
  const sorted = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map(sourceOf).join('|'), 'g');
}

/** Matches the end of a line, and colors, indentation and the sign of a diff at the beginning of the next. */
const lineEnd = String.raw`(?:\u001b\[[\d;]*m)*\r?\n(?:\u001b\[[\d;]*m)*[ \t]*(?:[-+] )?`;

function sourceOf(text: string): string {
  return text
    .split(/\r?\n[ \t]*/)
    .map((line) => line.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join(lineEnd);
}

function replaceAll(text: string, finder: RegExp): string {
  return text.replace(finder, (match) => (match === '' ? '' : redacted));
}

/** Replaces each match by `[redacted]` in the piece in which the match begins. */
function replaceAcross(pieces: readonly string[], finder: RegExp): string[] {
  const found = [...pieces.join('').matchAll(finder)]
    .map(({ index, 0: match }) => ({ from: index, to: index + match.length }))
    .filter(({ from, to }) => to > from);
  let start = 0;
  return pieces.map((piece) => {
    const from = start;
    const to = (start += piece.length);
    let text = '';
    let at = from;
    for (const match of found) {
      if (match.to <= at || match.from >= to) continue;
      text += piece.slice(at - from, Math.max(0, match.from - from));
      if (match.from >= from) text += redacted;
      at = Math.min(to, match.to);
    }
    return text + piece.slice(at - from);
  });
}
