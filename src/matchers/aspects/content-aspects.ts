import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { bufferOf } from '../../support/bytes';
import { printable } from '../../support/printable';
import { asymmetricText, textAspect, type Aspect } from './file-aspects';
import { isAsymmetric, type Asymmetric } from '../support/expected-value';
import type { MatcherContext } from '../support/message';

/** The expected content of a file. */
export interface ContentExpectation {
  /** The whole content as a string or bytes, a pattern that matches it, or an asymmetric matcher for it as a string. */
  content?: string | Uint8Array | RegExp | Asymmetric;
  /** The SHA-256 of the content, 64 hexadecimal digits, with or without `sha256:` before them. */
  sha256?: string | Asymmetric;
}

/** Compares content and hash, as far as they were named. */
export function contentAspects(
  context: MatcherContext,
  { content, sha256 }: ContentExpectation,
  bytes: Buffer,
): Aspect[] {
  return [
    ...(content === undefined ? [] : [contentAspect(context, content, bytes)]),
    ...(sha256 === undefined ? [] : [sha256Aspect(context, sha256, bytes)]),
  ];
}

function sha256Aspect(context: MatcherContext, expected: string | Asymmetric, bytes: Buffer): Aspect {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (isAsymmetric(expected)) {
    const passes = context.equals(found, expected);
    return { name: 'sha256', passes, expected: asymmetricText(context, expected), found };
  }
  const digits = expected.toLowerCase().replace(/^sha256:/, '');
  return { name: 'sha256', passes: found === digits, expected: digits, found };
}

function contentAspect(
  context: MatcherContext,
  expected: string | Uint8Array | RegExp | Asymmetric,
  bytes: Buffer,
): Aspect {
  if (ArrayBuffer.isView(expected)) return bytesAspect(bufferOf(expected), bytes);
  if (typeof expected === 'string') {
    const wanted = Buffer.from(expected);
    return isUtf8(bytes) ? wholeTextAspect(context, expected, bytes) : bytesAspect(wanted, bytes);
  }
  const text = bytes.toString();
  const aspect = textAspect(context, 'content', expected, text);
  return { ...aspect, found: excerpt(context, text), whole: { expected: aspect.expected, found: text } };
}

function bytesAspect(expected: Buffer, found: Buffer): Aspect {
  const passes = expected.equals(found);
  const at = passes ? 0 : firstDifference(expected, found);
  return {
    name: 'content',
    passes,
    expected: hexText(expected, at),
    found: hexText(found, at),
  };
}

/** Formats at most 16 bytes: `4 bytes, from byte 2: 4c 46`. */
function hexText(bytes: Buffer, at: number): string {
  const shown = bytes
    .subarray(at, at + 16)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  return `${bytes.length} bytes${shown === '' ? '' : `, from byte ${at}: ${shown}`}${bytes.length > at + 16 ? ' …' : ''}`;
}

function wholeTextAspect(context: MatcherContext, expected: string, bytes: Buffer): Aspect {
  const found = bytes.toString();
  const passes = found === expected;
  const aspect = {
    name: 'content',
    passes,
    expected: excerpt(context, expected),
    found: excerpt(context, found),
    whole: { expected, found },
  };
  return !passes && isWorthADiff(expected, found)
    ? { ...aspect, diff: diffText(context, expected, found) }
    : aspect;
}

function isWorthADiff(expected: string, found: string): boolean {
  return expected.includes('\n') && found.includes('\n') && expected !== '' && found !== '';
}

/** A diff of longer contents takes too long. */
const maxCharacters = 100_000;
const maxLines = 60;

function diffText(context: MatcherContext, expected: string, found: string): string {
  const { utils, redact = same } = context;
  if (expected.length + found.length > maxCharacters) return formatFirstDifference(context, expected, found);
  // The last newline of both would make an additional empty line.
  const isEndingAlike = expected.endsWith('\n') && found.endsWith('\n');
  const [before = '', after = ''] = [expected, found].map((text) =>
    printable(redact(isEndingAlike ? text.slice(0, -1) : text)),
  );
  const annotations = { aAnnotation: 'Expected content', bAnnotation: 'Received content' };
  const lines = (utils.diff(before, after, { expand: false, ...annotations }) ?? '').split('\n');
  if (lines.length <= maxLines) return lines.join('\n');
  return [...lines.slice(0, maxLines), `… and ${lines.length - maxLines} more lines`].join('\n');
}

function formatFirstDifference(context: MatcherContext, expected: string, found: string): string {
  const [before, after] = [expected.split('\n'), found.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  const line = at === -1 ? before.length : at;
  return [
    `The contents are too long to compare line by line. They first differ in line ${line + 1}:`,
    `  expected ${before[line] === undefined ? 'no more lines' : excerpt(context, before[line])}`,
    `  received ${after[line] === undefined ? 'no more lines' : excerpt(context, after[line])}`,
  ].join('\n');
}

function firstDifference(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at += 1;
  return at;
}

/** Formats a string in quotes on one line, and cuts it after 300 characters. */
function excerpt({ redact = same }: MatcherContext, text: string): string {
  if (text === '') return 'nothing, an empty file';
  const maxLength = 300;
  const safe = redact(text);
  const shown = safe.length > maxLength ? safe.slice(0, maxLength) : safe;
  const rest = safe.length > maxLength ? ` … and ${safe.length - maxLength} more characters` : '';
  return `"${printable(shown).replaceAll('\n', '\\n')}"${rest}`;
}

function same(text: string): string {
  return text;
}
