import { redacted, type Redactor } from '../support/secrets/redact';
import type { Cell, Screen } from './screen';

/**
 * A screen without secrets, those too that the terminal has broken at its edge. What is left of the layout stays: where
 * a secret was, `[redacted]` stands, cut to its length, and blanks.
 */
export function redactScreen(screen: Screen, { hasSecrets, redact, redactPieces }: Redactor): Screen {
  if (!hasSecrets) return screen;
  const cells = screen.cells.flat();
  // A cell in which nothing was written looks like a blank.
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

/** A cell holds one character: the word for a secret goes over the cells that the secret had, and over blanks. */
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
