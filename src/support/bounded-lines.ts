/** Joins at most `max` lines, and says how many more there are. */
export function boundedLines(lines: readonly string[], max = 30): string {
  const rest = lines.length - max;
  return [...lines.slice(0, max), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}
