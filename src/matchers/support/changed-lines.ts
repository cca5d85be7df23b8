import type { Change, Changes } from '../../filesystem/changes/change';
import { linesOf } from '../../filesystem/changes/lines';
import type { MatcherContext } from './message';

/** The most files of which a message shows the lines that changed, the most lines of each, and the most characters. */
const limits = { files: 10, lines: 16, width: 200 } as const;

/**
 * Finds the lines that changed in text files, for the message of a matcher that fails. Each old text costs a request.
 *
 * @param list the list of changes that the matcher was given, or made
 * @param passes whether the matcher passes, without regard to `.not`
 * @param shown the changes that the message lists
 * @returns a function that adds the lines to changes before they are listed
 */
export async function changedLines(
  context: MatcherContext,
  list: Changes,
  passes: boolean,
  shown: Changes = list,
): Promise<(changes: Changes) => Changes> {
  if (passes !== (context.isNot ?? false)) return (changes) => changes;
  const modified = shown.filter(({ kind, differs }) => kind === 'modified' && differs.includes('content'));
  const diffs = await linesOf(list, modified.slice(0, limits.files));
  const { redact = (text: string) => text } = context;
  const shorten = (change: Change): Change => {
    const diff = change.diff ?? diffs.get(change.path);
    return diff === undefined ? change : { ...change, diff: shortened(redact(diff)) };
  };
  return (changes) => changes.map(shorten);
}

/** Cuts a diff. Its first two lines name the file, which the line above does, too. */
function shortened(diff: string): string {
  const lines = diff
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((line) => (line.length > limits.width ? `${line.slice(0, limits.width)}…` : line));
  const rest = lines.length - limits.lines;
  return [...lines.slice(0, limits.lines), ...(rest > 0 ? [`… and ${rest} more lines`] : [])].join('\n');
}
