/**
 * Text from a container as it is safe to print: escape sequences and other control characters, and those that turn the
 * direction of text around (Unicode, "Bidirectional Formatting Characters"), become visible (`\u001b`), so that output
 * under test can't move the cursor, change colors, or look like something else in a report. Line ends and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** The same of a message that Jest has colored: colors stay. */
export function printableColored(text: string): string {
  return text
    .split(color)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('');
}

/** A value as indented JSON that is as safe to print, and still means the same. */
export function printableJson(value: unknown): string {
  return printable(JSON.stringify(value, undefined, 2));
}

const unsafe =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** ECMA-48, Select Graphic Rendition. */
// eslint-disable-next-line no-control-regex -- colors begin with one
const color = /(\u001b\[[\d;]*m)/;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
