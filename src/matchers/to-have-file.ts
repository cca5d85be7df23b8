import type { Box } from '../box/box';
import type { FileInfo } from '../filesystem/file-info';
import type { ContainerPath } from '../filesystem/path';
import { permissionBits } from '../filesystem/read-write';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { account, fileContent, fileSize, orAsymmetric, sha256 } from './support/option-checks';
import { contentAspects, type ContentExpectation } from './aspects/content-aspects';
import { executableAspect } from './aspects/executable-aspect';
import type { Asymmetric } from './support/expected-value';
import { accessAspects, valueAspect, type AccessExpectation, type Aspect } from './aspects/file-aspects';
import type { MatcherContext, MatcherResult } from './support/message';
import { pathResult } from './support/path-result';
import { boxOf } from './support/received-box';

/** The expected properties of a file; properties that are not named do not matter. */
export interface FileExpectation extends AccessExpectation, ContentExpectation {
  /** The file's size, in bytes. */
  size?: number | Asymmetric;
  /** A user's name in the container, or a uid. That user may execute the file, and enter the directories above it. */
  executableBy?: string | number;
}

const checks = {
  mode: orAsymmetric(permissionBits),
  owner: orAsymmetric(account),
  group: orAsymmetric(account),
  size: orAsymmetric(fileSize),
  content: orAsymmetric(fileContent),
  sha256: orAsymmetric(sha256),
  executableBy: account,
} satisfies OptionChecks<FileExpectation>;

export async function toHaveFile(
  this: MatcherContext,
  received: Box,
  path: ContainerPath,
  options: FileExpectation = {},
): Promise<MatcherResult> {
  const box = boxOf(received);
  checkOptions(options, checks);
  return pathResult(this, {
    matcher: 'toHaveFile',
    files: box.files,
    path,
    wanted: 'file',
    options,
    aspects: (info, there) => aspectsOf(this, box, there, options, info),
  });
}

async function aspectsOf(
  context: MatcherContext,
  box: Box,
  path: string,
  options: FileExpectation,
  info: FileInfo,
): Promise<Aspect[]> {
  const { size, content, sha256, executableBy } = options;
  const isRead = content !== undefined || sha256 !== undefined;
  return [
    ...accessAspects(context, options, info),
    ...(size === undefined ? [] : [valueAspect(context, 'size', size, info.size)]),
    ...(isRead ? contentAspects(context, options, await box.files.read(path, { encoding: 'buffer' })) : []),
    ...(executableBy === undefined ? [] : [await executableAspect(box, path, executableBy)]),
  ];
}
