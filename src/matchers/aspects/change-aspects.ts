import type { Change, ChangeKind, Difference, FileState } from '../../filesystem/changes/change';
import type { FileType } from '../../filesystem/file-info';
import { permissionBits } from '../../filesystem/read-write';
import type { OptionChecks } from '../../support/options/check-options';
import { oneOf } from '../../support/options/option-checks';
import { account, fileSize, orAsymmetric, sha256, stringOrPattern } from '../support/option-checks';
import type { Asymmetric } from '../support/expected-value';
import { accessAspects, textAspect, valueAspect, type AccessExpectation, type Aspect } from './file-aspects';
import type { MatcherContext } from '../support/message';

/** The expected properties of a change; properties that are not named do not matter. */
export interface ChangeExpectation extends AccessExpectation {
  /** `added`, `modified`, `deleted`, or `rewritten`, which means written again with the same bytes. */
  kind?: ChangeKind;
  /** Properties in which a modified path differs, at least: `'mode'`, `['content', 'size']`. */
  differs?: Difference | readonly Difference[];
  /**
   * The path's type now, or before it was deleted. The same holds for `mode`, `owner`, `group`, `size`, `sha256` and
   * `target`.
   */
  type?: FileType;
  /** The file's size, in bytes. */
  size?: number | Asymmetric;
  /** The SHA-256 of a file's content, 64 hexadecimal digits. */
  sha256?: string | Asymmetric;
  /** The target of a symbolic link. */
  target?: string | RegExp | Asymmetric;
  /** The path of the deleted file whose content an added file has. */
  renamedFrom?: string | RegExp | Asymmetric;
}

const kinds: readonly ChangeKind[] = ['added', 'modified', 'deleted', 'rewritten'];
const differences: readonly Difference[] = [
  'type',
  'mode',
  'owner',
  'group',
  'size',
  'content',
  'target',
  'device',
  'xattrs',
  'links',
];
const types: readonly FileType[] = [
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'character-device',
  'block-device',
];

const difference = oneOf(differences);

export const changeChecks = {
  kind: orAsymmetric(oneOf(kinds)),
  differs: (name: string, value: unknown) => [value].flat().forEach((each) => difference(name, each)),
  type: orAsymmetric(oneOf(types)),
  mode: orAsymmetric(permissionBits),
  owner: orAsymmetric(account),
  group: orAsymmetric(account),
  size: orAsymmetric(fileSize),
  sha256: orAsymmetric(sha256),
  target: orAsymmetric(stringOrPattern),
  renamedFrom: orAsymmetric(stringOrPattern),
} satisfies OptionChecks<ChangeExpectation>;

/** Compares a change in each property that was named. */
export function changeAspects(context: MatcherContext, options: ChangeExpectation, change: Change): Aspect[] {
  const { kind, differs } = options;
  const state = change.after ?? change.before;
  return [
    ...(kind === undefined ? [] : [valueAspect(context, 'kind', kind, change.kind)]),
    ...(differs === undefined ? [] : [differsAspect([differs].flat(), change.differs)]),
    ...(state === undefined ? [] : stateAspects(context, options, state)),
    ...(options.renamedFrom === undefined
      ? []
      : [textAspect(context, 'renamedFrom', options.renamedFrom, change.renamedFrom ?? none)]),
  ];
}

/** Stands for a missing property. No path and no digest has this value. */
const none = 'none';

function differsAspect(expected: readonly Difference[], found: readonly Difference[]): Aspect {
  return {
    name: 'differs',
    passes: expected.every((difference) => found.includes(difference)),
    expected: expected.join(', '),
    found: found.join(', ') || none,
  };
}

function stateAspects(context: MatcherContext, options: ChangeExpectation, state: FileState): Aspect[] {
  const { type, size, sha256, target } = options;
  const digits = typeof sha256 === 'string' ? sha256.toLowerCase().replace(/^sha256:/, '') : sha256;
  return [
    ...(type === undefined ? [] : [valueAspect(context, 'type', type, state.type)]),
    ...accessAspects(context, options, state),
    ...(size === undefined ? [] : [valueAspect(context, 'size', size, state.size ?? none)]),
    ...(digits === undefined ? [] : [valueAspect(context, 'sha256', digits, state.sha256 ?? none)]),
    ...(target === undefined ? [] : [textAspect(context, 'target', target, state.target ?? none)]),
  ];
}
