import { StringDecoder } from 'node:string_decoder';
import { elapsedTime, timeOfDay } from '../support/time';

/** Keeps the output of a program with its times, up to a limit. The oldest is dropped first. */
export interface Recorder {
  output(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
  /** Returns the output, including control sequences. */
  transcript(): string;
  /** Returns the output with its times, as an asciicast. */
  asciicast(): string;
}

interface Event {
  /** Seconds since the start. */
  at: number;
  kind: 'o' | 'r';
  text: string;
}

export interface RecorderOptions {
  columns: number;
  rows: number;
  command: readonly string[];
  /** The limit of the kept output, in bytes. */
  limit: number;
}

/** The approximate memory of an event beside its text, in bytes. */
const eventCost = 64;

export function createRecorder({ columns, rows, command, limit }: RecorderOptions): Recorder {
  const decoder = new StringDecoder('utf8');
  const started = { clock: elapsedTime(), time: timeOfDay() };
  const events: Event[] = [];
  let size = `${columns}x${rows}`;
  let kept = 0;
  let dropped = 0;
  const dropDownTo = (max: number): void => {
    let first = 0;
    for (const { kind, text } of events) {
      if (kept <= max) break;
      first += 1;
      kept -= eventCost + text.length;
      if (kind === 'r') size = text;
      else dropped += text.length;
    }
    events.splice(0, first);
  };
  const add = (kind: Event['kind'], text: string): void => {
    events.push({ at: (elapsedTime() - started.clock) / 1000, kind, text });
    kept += eventCost + text.length;
    // Removing from the front of a list moves all other events, so many are removed at once.
    if (kept > limit * 1.25) dropDownTo(limit);
  };
  return {
    output: (bytes) => {
      const text = decoder.write(bytes);
      if (text !== '') add('o', text);
    },
    resize: (newColumns, newRows) => add('r', `${newColumns}x${newRows}`),
    transcript: () => notice(dropped) + events.map(({ kind, text }) => (kind === 'o' ? text : '')).join(''),
    asciicast: () => {
      const [width, height] = size.split('x').map(Number);
      const header = {
        version: 2,
        width,
        height,
        timestamp: Math.floor(started.time / 1000),
        title: command.join(' '),
        env: { TERM: 'xterm' },
      };
      const missing: Event[] = dropped === 0 ? [] : [{ at: 0, kind: 'o', text: notice(dropped) }];
      const lines = [...missing, ...events].map(({ at, kind, text }) => [Number(at.toFixed(6)), kind, text]);
      return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
    },
  };
}

function notice(dropped: number): string {
  return dropped === 0 ? '' : `[belljar: the first ${dropped} characters were not kept]\r\n`;
}
