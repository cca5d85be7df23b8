import { info } from '../engine/info';
import { connectEngine } from '../engine/connect/connection';
import { redactorOf, type Redactor } from '../support/secrets/redact';
import type { Box } from '../box/box';
import { historyOf } from '../box/history';
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
export async function describeBox(box: Box, { alive }: { alive: boolean }): Promise<BoxDescription> {
  const { id, name, image } = box;
  const redactor = redactorOf(box);
  const history = historyOf(box);
  // Before the state is read, which runs commands as well.
  const commands = history === undefined ? [] : formatCommandLog(history.log, redactor);
  const terminals = history?.terminals ?? [];
  const facts = alive ? await lookAt(box, history) : [];
  const removed = 'removed before the test had failed: only its records remain';
  const text = [
    `Container ${id.slice(0, 12)} (${name})${alive ? '' : `, ${removed}`}`,
    '',
    ...section('Image', [`${image.reference} ${image.id}`]),
    ...section('Options', formatOptions(history?.options ?? {})),
    ...section('Commands', commands),
    ...(terminals.length === 0 ? [] : section('Terminals', formatTerminals(id, terminals, redactor))),
    ...facts,
  ];
  return { id, name, text: text.join('\n'), files: filesOf(id, terminals, redactor), redactor };
}

/** Formats the engine in one line. */
export async function formatEngine(): Promise<string> {
  const { endpoint } = await connectEngine();
  const { isPodman, version, storageDriver, operatingSystem, kernel } = await info();
  const name = `${isPodman ? 'Podman' : 'Docker'} ${version} at ${endpoint.host}`;
  return `${name} (${storageDriver}, ${operatingSystem}, kernel ${kernel})`;
}
