/** The beginning of a shell's own message when its `exec` fails: dash's and busybox ash's, then bash's. */
const shellError = /^(belljar|environment): (exec: )?(line )?\d+: /;
/** Longer than any such message: it has a path of at most 4096 bytes, and a reason. */
const maxErrorBytes = 8192;

/** A filter of standard error, for messages that may be the shell's own. */
export interface ShellErrorFilter {
  add(bytes: Buffer): void;
  /** Passes on what is held back: the command itself printed it. */
  release(): void;
}

/**
 * Holds back what looks like a message of the shell. A shell that fails to become a program prints a message to the
 * command's standard error before it sends the sentinel that says so.
 *
 * @param onBytes receives everything else, at once
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
