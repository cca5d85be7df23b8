import { printable } from '../../support/printable';
import type { Redactor } from '../../support/redact';
import { formatScreen } from '../../terminal/frame';
import type { BoxHistory } from '../history';
import { redactScreen } from '../redact-screen';
import { clock } from './text';

type Terminals = BoxHistory['terminals'];

/** The last screen of each terminal, and the file that has its recording. */
export function formatTerminals(id: string, terminals: Terminals, redactor: Redactor): string[] {
  return terminals.flatMap(({ terminal, openedAt }, index) => {
    const command = printable(redactor.redact(terminal.command.join(' ')));
    const state = terminal.ended ? 'ended' : 'still running';
    return [
      `${clock(openedAt)}  ${command}, ${state}; its recording is ${recordingName(id, index)}`,
      ...formatScreen(redactScreen(terminal.screen(), redactor)).split('\n'),
    ];
  });
}

/** The recordings as files. */
export function recordingsOf(
  id: string,
  terminals: Terminals,
  redactor: Redactor,
): { name: string; content: string }[] {
  return terminals.map(({ terminal }, index) => ({
    name: recordingName(id, index),
    content: safeRecording(terminal.recording(), redactor),
  }));
}

function recordingName(id: string, index: number): string {
  return `${id.slice(0, 12)}-terminal-${index + 1}.cast`;
}

/**
 * An asciicast (version 2: a header, then an event a line) without secrets, those too that came in pieces, and without a
 * character that could do something to the terminal that the file itself is shown on.
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
