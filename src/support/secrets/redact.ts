import { types } from 'node:util';
import { isSecretName } from './names';
import { spellingsOf } from './spellings';

/** Takes secrets out of text that is about to be printed. */
export interface Redactor {
  /** Whether there is anything to take out. */
  readonly hasSecrets: boolean;
  /**
   * The text with `[redacted]` for every secret, however belljar may have quoted or escaped it. To be called before a
   * text is cut or split into lines, because half a secret is not found.
   */
  readonly redact: (text: string) => string;
  /** The same for text in pieces, as it came: a secret may begin in one and end in another. */
  readonly redactPieces: (pieces: readonly string[]) => string[];
  /** From now on, the values of those variables are secrets whose names say so. */
  readonly addSecretsFrom: (env: Readonly<Record<string, string>>) => void;
}

/** What stands in the place of a secret. */
export const redacted = '[redacted]';

/** @param secrets texts, and patterns of texts, that are secret by themselves */
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

/** An environment for people, sorted: the values of variables whose names say that they are secret are not in it. */
export function redactedEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(env).map(([name, value]) => [name, isSecretName(name) ? redacted : value]);
  return Object.fromEntries(entries.sort()) as Record<string, string>;
}

/** Under which things that have secrets in them hold what takes those out; it crosses Jest's module registries. */
const redactorName = Symbol.for('belljar.redactor');

const nothingSecret = createRedactor();

/** What takes the secrets out of a container's, a result's or an error's text. */
export function redactorOf(thing: unknown): Redactor {
  if (typeof thing !== 'object' || thing === null) return nothingSecret;
  return (thing as { [redactorName]?: Redactor })[redactorName] ?? nothingSecret;
}

/** Gives a thing its redactor, where no printer and no comparison sees it. */
export function withRedactor<Thing extends object>(thing: Thing, redactor: Redactor): Thing {
  return Object.defineProperty(thing, redactorName, { value: redactor, configurable: true });
}

/** Values that are in many texts without being secret there. */
const common = new Set(['true', 'false', 'none', 'null']);

/** Whether a variable's value can be told in a text at all: a short one would be found everywhere. */
function isTelling(value: string): boolean {
  return value.trim().length >= 4 && !common.has(value.toLowerCase());
}

function everywhere({ source, flags }: RegExp): RegExp {
  return new RegExp(source, `${flags.replace(/[gy]/g, '')}g`);
}

/** The longest first: one secret may be the beginning of another. */
function anyOf(texts: readonly string[]): RegExp {
  const sorted = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map(sourceOf).join('|'), 'g');
}

/** Where a text goes on in another line, that may be colored, indented, and marked as in a diff. */
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

/** Whatever is found stands, redacted, in the piece that it begins in. */
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
