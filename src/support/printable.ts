/**
 * Makes text from a container safe to print. Control characters, and those that change the direction of text (Unicode,
 * "Bidirectional Formatting Characters"), become visible (`\u001b`). So output under test can't move the cursor, change
 * colors, or look like something else in a report. Line ends and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** Makes a message that Jest has colored safe to print: its colors stay. */
export function printableColored(text: string): string {
  return text
    .split(color)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('');
}

/** Formats a value as indented JSON that is safe to print. Its meaning stays the same. */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value, undefined, 2));
}

const unsafe =
  // eslint-disable-next-line no-control-regex -- it matches control characters
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** ECMA-48, Select Graphic Rendition. */
// eslint-disable-next-line no-control-regex -- colors begin with one
const color = /(\u001b\[[\d;]*m)/;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
