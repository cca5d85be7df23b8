import type { Section } from './section';
import { changes } from './rows/changes';
import { command } from './rows/command';
import { echo } from './rows/echo';
import { files } from './rows/files';
import { fingerprint } from './rows/fingerprint';
import { freshContainer } from './rows/fresh-container';
import { growth } from './rows/growth';
import { importing } from './rows/import';
import { output } from './rows/output';
import { removal } from './rows/removal';
import { suite } from './rows/suite';
import { verify } from './rows/verify';

/** By the letters of `--only`; a to g are those of the issue that asked for them. */
export const sections = {
  a: { title: 'a fresh container', measure: freshContainer },
  b: { title: 'one command', measure: command },
  c: { title: 'a file', measure: files },
  d: { title: 'a suite in Jest', measure: suite },
  e: { title: 'output', measure: output },
  f: { title: 'import', measure: importing },
  g: { title: 'growth', measure: growth },
  h: { title: 'changes after an installation', measure: changes },
  i: { title: 'fingerprint of the base image', measure: fingerprint },
  j: { title: 'verification of the image', measure: verify },
  k: { title: 'a keystroke', measure: echo },
  l: { title: 'many containers gone', measure: removal },
} satisfies Record<string, Section>;

export type Letter = keyof typeof sections;

export const letters = Object.keys(sections) as Letter[];
