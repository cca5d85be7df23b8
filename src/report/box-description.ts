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
 * Looks at all there is to see of a box. What can't be seen, because the container hangs or is gone, is said in its
 * place.
 *
 * @param options `alive`: false for one that is removed, of which only what is noted is left
 */
export async function describeBox(box: Box, { alive }: { alive: boolean }): Promise<BoxDescription> {
  const { id, name, image } = box;
  const redactor = redactorOf(box);
  const history = historyOf(box);
  // Before anything is looked at: looking runs commands as well.
  const commands = history === undefined ? [] : formatCommandLog(history.log, redactor);
  const terminals = history?.terminals ?? [];
  const facts = alive ? await lookAt(box, history) : [];
  const removed = 'removed before the test had failed: what is left is what was noted of it';
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

/** The engine, in a line. */
export async function formatEngine(): Promise<string> {
  const { endpoint } = await connectEngine();
  const { isPodman, version, storageDriver, operatingSystem, kernel } = await info();
  const name = `${isPodman ? 'Podman' : 'Docker'} ${version} at ${endpoint.host}`;
  return `${name} (${storageDriver}, ${operatingSystem}, kernel ${kernel})`;
}
