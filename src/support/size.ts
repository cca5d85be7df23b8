const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Formats a number of bytes in decimal units, as Docker does: `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${units[step] ?? 'B'}`;
}
