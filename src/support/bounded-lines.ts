/** Lines, of which many are cut off with their number. */
export function boundedLines(lines: readonly string[], most = 30): string {
  const rest = lines.length - most;
  return [...lines.slice(0, most), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}
