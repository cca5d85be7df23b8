/** How a shell's own message begins when its `exec` fails: dash's and busybox ash's, then bash's. */
const shellError = /^(belljar|environment): (exec: )?(line )?\d+: /;
/** No message is longer: it has a path, of 4096 bytes at most, and a reason. */
const maxErrorBytes = 8192;

/** Standard error while it is not clear who speaks. */
export interface ShellErrorFilter {
  add(bytes: Buffer): void;
  /** It was the command itself that spoke. */
  release(): void;
}

/**
 * A shell that fails to become a program says so on the command's standard error, before it says so to us. What looks
 * like that is held back until it is clear who spoke.
 *
 * @param onBytes gets everything else, at once
 */
export function holdShellError(onBytes: (bytes: Buffer) => void): ShellErrorFilter {
  let held: Buffer[] | undefined;
  let first = true;
  const release = (): void => {
    const bytes = held;
    held = undefined;
    bytes?.forEach(onBytes);
  };
  return {
    add: (bytes: Buffer): void => {
      if (first && shellError.test(bytes.toString('latin1', 0, 32))) held = [];
      first = false;
      if (held === undefined) {
        onBytes(bytes);
        return;
      }
      held.push(bytes);
      if (held.reduce((length, piece) => length + piece.length, 0) > maxErrorBytes) release();
    },
    release,
  };
}
