import { printable } from '../support/printable';
import type { Redactor } from '../support/secrets/redact';
import { formatScreen } from '../terminal/frame';
import { screenToSvg } from '../terminal/picture';
import type { BoxHistory } from '../box/history';
import { redactScreen } from '../terminal/redact-screen';
import { clock } from './text';

type Terminals = BoxHistory['terminals'];

/** The last screen of each terminal, and the files that have its recording and its picture. */
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

/** The recordings, and pictures of the last screens, as files. */
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
  return `${id.slice(0, 12)}-terminal-${index + 1}.${ending}`;
}

/**
 * An asciicast (version 2: a header, then an event a line) without secrets, those too that came in pieces, and without
 * a character that could do something to the terminal that the file itself is shown on.
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
