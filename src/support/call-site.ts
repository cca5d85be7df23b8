import { relative } from 'node:path';
import { cwd } from 'node:process';

/** The place in a user's file that called belljar. A record is cheap: nothing is formatted before it is asked for. */
export interface CallSite {
  /** The stack from that place on, as lines of `at …`. */
  readonly frames: () => string;
  /** The file, line and column: `install.spec.ts:7:15`. Undefined if no user's file is among the callers. */
  readonly place: () => string | undefined;
}

/** @param called the function of belljar that the user called: it and what it calls are left out */
export function callSite(called: (...given: never[]) => unknown): CallSite {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  const frames = (): string => (holder.stack ?? '').replace(/^[^]*?(?=\n\s+at |$)\n?/, '');
  return { frames, place: () => userPlace(frames()) };
}

function userPlace(frames: string): string | undefined {
  for (const line of frames.split('\n')) {
    const [, path = '', position = ''] = /\(?(?:file:\/\/)?(\/[^()]*?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    if (path !== '' && !path.includes('/node_modules/')) return relative(cwd(), path) + position;
  }
  return undefined;
}
