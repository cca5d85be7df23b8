import { redactorOf, type Redactor } from '../support/secrets/redact';
import { shortId } from '../support/short-id';
import type { Box } from '../box/box';
import { recordOf } from './box-record';
import { lookAt } from './facts';
import { formatOptions } from './format-options';
import { formatCommandLog } from './format-command-log';
import { filesOf, formatTerminals } from './terminals';
import { section } from './text';

/** What a box was like at one moment, for people. */
export interface BoxDescription {
  id: string;
  name: string;
  /** Safe to print, but for the secrets. */
  text: string;
  /** Files beside it, without secrets: recordings and pictures of its terminals. */
  files: readonly { name: string; content: string }[];
  redactor: Redactor;
}

/**
 * Looks at all there is to see of a box. What can't be seen, because the container hangs or is gone, is said in its place.
 *
 * @param options `alive`: false for one that is removed, of which only what is noted is left
 */
export async function describeBox(box: Box, { alive }: { alive: boolean }): Promise<BoxDescription> {
  const { id, name, image } = box;
  const redactor = redactorOf(box);
  const record = recordOf(box);
  // Before anything is looked at: looking runs commands as well.
  const commands = record === undefined ? [] : formatCommandLog(record.log, redactor);
  const terminals = record?.terminals ?? [];
  const facts = alive ? await lookAt(box, record) : [];
  const removed = 'removed before the test had failed: what is left is what was noted of it';
  const text = [
    `Container ${shortId(id)} (${name})${alive ? '' : `, ${removed}`}`,
    '',
    ...section('Image', [`${image.reference} ${image.id}`]),
    ...section('Options', formatOptions(record?.options ?? {})),
    ...section('Commands', commands),
    ...(terminals.length === 0 ? [] : section('Terminals', formatTerminals(id, terminals, redactor))),
    ...facts,
  ];
  return { id, name, text: text.join('\n'), files: filesOf(id, terminals, redactor), redactor };
}
