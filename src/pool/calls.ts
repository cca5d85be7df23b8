import { inspect } from 'node:util';
import type { Box } from '../box/box';
import { recordOf } from '../box/record';
import type { CommandRecord } from '../command/log';
import { ContainerError } from '../container/errors';
import { callSite, type CallSite } from '../support/call-site';
import { codeOf } from '../support/errors';
import { isPromise } from '../support/is-promise';
import { outputEnd } from '../support/lines';
import { printable } from '../support/printable';
import { redactorOf } from '../support/secrets/redact';
import { shortId } from '../support/short-id';
import { elapsedTime } from '../support/time';
import type { Terminal } from '../terminal/terminal';
import { currentTestObserver, type RunningTest } from './test-observer';

/** A call of a function of a box that has not ended. */
export interface RunningCall {
  /** The call as the test has it, safe to print: `box.run('sleep', [ '60' ])`. */
  readonly text: () => string;
  /** The end of what the command of the call has printed, safe to print; an empty string if there is none. */
  readonly output: () => string;
  readonly site: CallSite;
  /** By `elapsedTime()`. */
  readonly startedAt: number;
  /** The test that made the call; undefined if the test is not known. */
  readonly test: RunningTest | undefined;
}

const running = new Set<RunningCall>();

/** Returns the calls of a test, and those that belong to no test, in their order. */
export function runningCalls(test: RunningTest | undefined): RunningCall[] {
  return [...running].filter((call) => call.test === undefined || call.test === test);
}

/** Notes that a start is running until it is settled. Returns the start. */
export async function trackStart<Started>(
  site: CallSite,
  name: string,
  start: Promise<Started>,
): Promise<Started> {
  const test = currentTestObserver()?.currentTest();
  const call = {
    text: () => `the start of ${name}()`,
    output: () => '',
    site,
    startedAt: elapsedTime(),
    test,
  };
  running.add(call);
  try {
    return await start;
  } finally {
    running.delete(call);
  }
}

/**
 * Makes a box know its running calls: which command a test waits for when its time is over, and which call a test did
 * not await.
 */
export function trackCalls(box: Box): void {
  trackFunctions(box, { box, name: 'box' });
  trackFunctions(box.files, { box, name: 'box.files' });
}

/** Whose functions are tracked. */
interface Owner {
  box: Box;
  /** As the test has it. */
  name: string;
  /** Returns the end of what it has printed. Default: what the command of the call has printed. */
  output?: () => string;
}

type Anything = (...given: unknown[]) => unknown;

/** They end nothing that a test waits for. */
const untracked = ['remove', 'detach', 'port', 'kill'];

function trackFunctions(object: object, owner: Owner): void {
  // Not the values themselves: to read some opens a stream.
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object)))
    if (typeof value === 'function' && !untracked.includes(key))
      Object.assign(object, {
        [key]: tracked(value as Anything, { ...owner, name: `${owner.name}.${key}` }),
      });
}

function tracked(original: Anything, owner: Owner): Anything {
  const { box, name } = owner;
  const call: Anything = (...given) => {
    const wasRemoved = box.removal.aborted;
    const before = lastRecord(box);
    const returned = original(...given);
    // A template with options is a template.
    if (typeof returned === 'function') return tracked(returned as Anything, owner);
    if (!isPromise(returned)) return returned;
    const record = lastRecord(box);
    const running: RunningCall = {
      text: () => printable(redactorOf(box).redact(callText(name, given))),
      output: owner.output ?? (() => (record === before ? '' : outputOf(box, record))),
      site: callSite(call),
      startedAt: elapsedTime(),
      test: currentTestObserver()?.currentTest(),
    };
    return settled(returned, running, { ...owner, wasRemoved });
  };
  return call;
}

function lastRecord(box: Box): CommandRecord | undefined {
  return recordOf(box)?.log.records.at(-1);
}

function outputOf(box: Box, record: CommandRecord | undefined): string {
  return outputEnd('output', record?.soFar?.().all ?? '', redactorOf(box));
}

async function settled(
  returned: Promise<unknown>,
  call: RunningCall,
  owner: Owner & { wasRemoved: boolean },
): Promise<unknown> {
  running.add(call);
  try {
    const value = await returned;
    if (owner.name === 'box.spawn' || owner.name === 'box.terminal') trackOpened(owner, value as object);
    return value;
  } catch (error) {
    const isOver = codeOf(error) === 'CONTAINER_REMOVED' && owner.box.removal.aborted;
    throw isOver ? notAwaited(call, owner) : error;
  } finally {
    running.delete(call);
  }
}

/** Tracks the waits for a process or a terminal. */
function trackOpened({ box, name }: Owner, opened: object): void {
  if (name === 'box.terminal') {
    const terminal = opened as Terminal;
    trackFunctions(opened, {
      box,
      name: 'terminal',
      output: () => outputEnd('screen', terminal.screen().text, redactorOf(box)),
    });
    return;
  }
  const record = recordOf(box)?.log.records.findLast(({ spawned }) => spawned);
  trackFunctions(opened, { box, name: 'process', output: () => outputOf(box, record) });
}

/** The error of a call whose container was removed. It has the user's line, which the removal does not know. */
function notAwaited(
  { text, site }: RunningCall,
  { box, wasRemoved }: Owner & { wasRemoved: boolean },
): ContainerError {
  const place = site.place();
  const at = place === undefined ? '' : ` at ${place}`;
  const error = new ContainerError(
    'CONTAINER_REMOVED',
    wasRemoved
      ? `Container ${shortId(box.id)} was removed before ${text()} was called${at}. Perhaps the test does not await ` +
          'what comes before the call.'
      : `Container ${shortId(box.id)} was removed while ${text()} was running, which was called${at}. Await the ` +
          'call: its test ended, or removed the container, before the call was over.',
  );
  error.stack = `${error.name}: ${error.message}\n${site.frames()}`;
  return error;
}

function callText(name: string, given: readonly unknown[]): string {
  const [first, ...values] = given;
  if (isTemplate(first))
    return shortened(
      `${name}\`${first.raw.map((part, index) => part + valueText(values, index)).join('')}\``,
    );
  return shortened(`${name}(${given.map((value) => argumentText(value)).join(', ')})`);
}

function valueText(values: readonly unknown[], index: number): string {
  return index < values.length ? `\${${argumentText(values[index])}}` : '';
}

function argumentText(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 100, maxArrayLength: 10 });
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && 'raw' in value;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
