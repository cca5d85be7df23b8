/** Returns at most three names that were probably meant by a wrong one, the most similar first. */
export function mostSimilar(wanted: string, names: readonly string[]): string[] {
  const maxEdits = Math.min(4, Math.max(1, Math.floor(wanted.length * 0.45)));
  return names
    .map((name) => ({ name, edits: editsBetween(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ edits }) => edits <= maxEdits)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ name }) => name);
}

/**
 * Returns how many characters must be added, removed, replaced or swapped with the next to turn one string into
 * another: Levenshtein's distance, with Damerau's swaps of neighbors.
 */
function editsBetween(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwapped ? (beforePrevious[column - 2] ?? Infinity) + 1 : Infinity;
      const changed = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      current.push(Math.min(replaced, swapped, changed));
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
