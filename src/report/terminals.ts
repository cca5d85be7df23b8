import { printable } from '../support/printable';
import type { Redactor } from '../support/secrets/redact';
import { shortId } from '../support/short-id';
import { formatScreen } from '../terminal/frame';
import { screenToSvg } from '../terminal/picture';
import type { OpenedTerminal } from '../box/record';
import { redactScreen } from '../terminal/redact-screen';
import { clock } from './text';

type Terminals = readonly OpenedTerminal[];

/** Formats the last screen of each terminal, and the names of the files with its recording and picture. */
export function formatTerminals(id: string, terminals: Terminals, redactor: Redactor): string[] {
  return terminals.flatMap(({ terminal, openedAt }, index) => {
    const command = printable(redactor.redact(terminal.command.join(' ')));
    const state = terminal.ended ? 'ended' : 'still running';
    return [
      `${clock(openedAt)}  ${command}, ${state}; its recording is ${fileName(id, index, 'cast')}, its picture ${fileName(id, index, 'svg')}`,
      ...formatScreen(redactScreen(terminal.screen(), redactor)).split('\n'),
    ];
  });
}

/** Returns the recordings, and pictures of the last screens, as files. */
export function filesOf(
  id: string,
  terminals: Terminals,
  redactor: Redactor,
): { name: string; content: string }[] {
  return terminals.flatMap(({ terminal }, index) => [
    { name: fileName(id, index, 'cast'), content: safeRecording(terminal.recording(), redactor) },
    { name: fileName(id, index, 'svg'), content: screenToSvg(redactScreen(terminal.screen(), redactor)) },
  ]);
}

function fileName(id: string, index: number, ending: 'cast' | 'svg'): string {
  return `${shortId(id)}-terminal-${index + 1}.${ending}`;
}

/**
 * Returns an asciicast (version 2: a header, then an event on each line) without secrets, even those that came in pieces,
 * and without control characters, which would act on the terminal that shows the file itself.
 */
function safeRecording(asciicast: string, { redact, redactPieces }: Redactor): string {
  const [header = '{}', ...lines] = asciicast.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as [at: number, kind: string, text: string]);
  const safe = redactPieces(events.map(([, kind, text]) => (kind === 'o' ? text : '')));
  const printed = events.map(([at, kind, text], index) => [at, kind, kind === 'o' ? safe[index] : text]);
  const { title, ...facts } = JSON.parse(header) as { title?: string };
  const head = { ...facts, title: redact(title ?? '') };
  return [head, ...printed].map((line) => `${printable(JSON.stringify(line))}\n`).join('');
}
