import type { Color } from './screen';

/** The colors of a terminal as `#rrggbb`. */
export const background = '#1e1e1e';
export const foreground = '#e6e6e6';

/** The colors 0 to 7, then the bright ones. They are Tango's, which xterm.js uses as well. */
const ansi = [
  ...['#2e3436', '#cc0000', '#4e9a06', '#c4a000', '#3465a4', '#75507b', '#06989a', '#d3d7cf'],
  ...['#555753', '#ef2929', '#8ae234', '#fce94f', '#729fcf', '#ad7fa8', '#34e2e2', '#eeeeec'],
];

/** The steps of the color cube. */
const levels = [0, 95, 135, 175, 215, 255];

/**
 * Returns a color of a terminal as `#rrggbb`: an RGB color, a color of xterm's palette of 256, or the given default.
 * The palette has the 16 colors above, a cube of 6 by 6 by 6, and 24 shades of gray.
 */
export function toHex(color: Color, otherwise: string): string {
  if (color === 'default') return otherwise;
  if (typeof color === 'string') return color;
  if (color < 16) return ansi[color] ?? otherwise;
  if (color >= 232) return rgb(...triple((color - 232) * 10 + 8));
  const index = color - 16;
  return rgb(level(Math.floor(index / 36)), level(Math.floor(index / 6) % 6), level(index % 6));
}

function level(step: number): number {
  return levels[step] ?? 0;
}

function triple(value: number): [number, number, number] {
  return [value, value, value];
}

function rgb(...parts: [red: number, green: number, blue: number]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
