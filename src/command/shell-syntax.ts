import { inspect } from 'node:util';
import { TemplateError } from './errors';

/** Stands for a value in a template's text. No literal has this character, because no argument may. */
const valueMark = '\0';

/**
 * Refuses a template without a shell whose own text has what only a shell reads (POSIX.1-2017, Shell Command Language;
 * braces are bash's). A program would get these characters as they are, and the test would pass for a wrong reason.
 * What a shell leaves alone too is let through: `[` alone, the `{}` of `find`, `a{1}`, `^`, `!` as an argument, and a
 * `?` in a URL.
 *
 * @param literals the template's own text around its values, as it is written
 * @throws TemplateError `SHELL_SYNTAX`
 */
export function refuseShellSyntax(literals: readonly string[]): void {
  const words = literals
    .join(valueMark)
    .split(/[ \t\r\n]+/)
    .filter(Boolean);
  words.forEach((word, index) => {
    for (const { pattern, meaning, instead, program = false } of shellSyntax) {
      const [found] = program && index > 0 ? [] : (pattern.exec(word) ?? []);
      if (found !== undefined) throw refused({ word, found, meaning, instead });
    }
  });
}

/** What a shell reads in a word, in the order in which it is looked for. */
const shellSyntax: readonly {
  pattern: RegExp;
  /** What it is to a shell. */
  meaning: string;
  /** What works without a shell, as it reads after "Use". */
  instead?: string;
  /** Whether it means something only in the first word. */
  program?: true;
}[] = [
  { pattern: /["']/, meaning: 'a quote', instead: "${'two words'} for one argument" },
  { pattern: /`|\$\(/, meaning: 'a command substitution' },
  {
    pattern: /\$(?:[A-Za-z_]\w*|\d|[@*#?$!\0-])|\$(?=\\?\{)/,
    meaning: 'a variable',
    instead: '${process.env.NAME} for a variable of this process',
  },
  { pattern: /\\/, meaning: 'an escape' },
  { pattern: /\d*[<>]+(?:&\d?)?/, meaning: 'a redirection' },
  { pattern: /&&|\|\||[|&;()]/, meaning: 'an operator' },
  { pattern: /^#/, meaning: 'a comment' },
  { pattern: /^!$/, meaning: 'a negation', program: true },
  {
    pattern: /^[A-Za-z_]\w*\+?=/,
    meaning: 'a variable for one command',
    instead: '$({ env: { NAME: value } })`…` for a variable',
    program: true,
  },
  { pattern: /^(?:[A-Za-z_]\w*=)?~/, meaning: 'a home directory' },
  { pattern: /\{[^{}]*(?:,|\.\.)[^{}]*\}/, meaning: 'a list of words' },
  // In a URL, a question mark, an asterisk or brackets are never meant for files.
  { pattern: /(?<!:\/\/.*)(?:[*?]|\[[^\]]+\])/, meaning: 'a pattern of file names' },
];

interface Finding {
  word: string;
  found: string;
  meaning: string;
  instead: string | undefined;
}

function refused({ word, found, meaning, instead }: Finding): TemplateError {
  const [shownWord, shown] = [word, found].map((text) => text.replaceAll(valueMark, '${…}'));
  const where = word === found ? '' : ` in ${inspect(shownWord, { maxStringLength: 60 })}`;
  const choices = [
    'sh`…` for a shell',
    ...(instead === undefined ? [] : [instead]),
    `\${${inspect(shown)}} for the plain text`,
  ];
  return new TemplateError(
    'SHELL_SYNTAX',
    `To a shell, ${shown ?? ''}${where} is ${meaning}. No shell reads a $\`…\` template, so nothing was run.\n` +
      `Use ${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}.`,
  );
}
