import { redactorOf, type Redactor } from '../support/secrets/redact';
import { shortId } from '../support/short-id';
import type { Box } from '../box/box';
import { recordOf, type BoxRecord } from '../box/record';
import { lookAt } from './facts';
import { formatOptions } from './format-options';
import { formatCommandLog } from './format-command-log';
import { filesOf, formatTerminals } from './terminals';
import { section } from './text';

/** The state and the history of a box at one moment, for people. */
export interface BoxDescription {
  id: string;
  name: string;
  /** Safe to print, except that it may have secrets. */
  text: string;
  /** The files beside the text, without secrets: recordings and pictures of terminals. */
  files: readonly { name: string; content: string }[];
  redactor: Redactor;
}

/**
 * Describes a box. A part that can't be read, because the container hangs or is gone, says so in its place.
 *
 * @param options `alive`: false if the container was removed; then only its records remain
 */
export async function createBoxDescription(box: Box, { alive }: { alive: boolean }): Promise<BoxDescription> {
  const { id, name, image } = box;
  const redactor = redactorOf(box);
  const record = recordOf(box);
  // Before the state is read, which runs commands as well.
  const commands = record === undefined ? [] : formatCommandLog(record.log, redactor);
  const terminals = record?.terminals ?? [];
  const facts = alive ? await lookAt(box, record) : [];
  const removed = 'removed or left before the test had failed: only its records remain';
  const text = [
    `Container ${shortId(id)} (${name})${alive ? '' : `, ${removed}`}`,
    '',
    ...section('Image', [`${image.reference} ${image.id}`]),
    ...section('Options', optionsOf(record)),
    ...section('Commands', commands),
    ...(terminals.length === 0 ? [] : section('Terminals', formatTerminals(id, terminals, redactor))),
    ...facts,
  ];
  return { id, name, text: text.join('\n'), files: filesOf(id, terminals, redactor), redactor };
}

function optionsOf(record: BoxRecord | undefined): string[] {
  if (record?.options !== undefined) return formatOptions(record.options);
  return ['unknown: belljar has not started this container, but is attached to it'];
}
