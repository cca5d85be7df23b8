import { redacted, type Redactor } from '../support/secrets/redact';
import type { Cell, Screen } from './screen';

/**
 * Returns a screen without secrets, even if a secret was wrapped at the edge of the screen. The layout stays: a secret
 * becomes `[redacted]`, cut to the secret's length, or padded with blanks.
 */
export function redactScreen(screen: Screen, { hasSecrets, redact, redactPieces }: Redactor): Screen {
  if (!hasSecrets) return screen;
  const cells = screen.cells.flat();
  // An empty cell looks like a blank.
  const texts = cells.map(textOf);
  const safe = redactPieces(texts);
  const clean = cells.map((cell, at) => (safe[at] === texts[at] ? cell : { ...cell, text: safe[at] ?? '' }));
  const rows = screen.cells.map((row, index) => {
    const start = screen.cells.slice(0, index).reduce((sum, each) => sum + each.length, 0);
    return spread(clean.slice(start, start + row.length));
  });
  const lines = rows.map((row) => row.map(textOf).join('').trimEnd());
  const text = lines.join('\n').replace(/\n+$/, '');
  return { ...screen, cells: rows, lines, text, title: redact(screen.title) };
}

/** Spreads `[redacted]` over the cells of the secret and following blanks, because a cell holds one character. */
function spread(row: readonly Cell[]): Cell[] {
  const result = [...row];
  row.forEach(({ text }, at) => {
    if (text !== redacted) return;
    Array.from(redacted).forEach((character, offset) => {
      const cell = row[at + offset];
      if (cell === undefined || (offset > 0 && cell.text !== '')) return;
      result[at + offset] = { ...cell, text: character, width: 1 };
    });
  });
  return result;
}

function textOf({ text, width }: Cell): string {
  return text === '' && width > 0 ? ' ' : text;
}
