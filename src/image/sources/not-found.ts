import { messageOf } from '../../support/errors';
import { shortId } from '../../support/short-id';
import { ImageError } from '../errors';
import type { ImageFacts } from '../facts';

/** A step of the search for an image that did not find the image. */
export interface FailedStep {
  step: 'present' | 'archive' | 'stand-in' | 'pull';
  /** The reason, as it reads after a colon. */
  why: string;
  /** Whether the caller does not want the step. */
  isForbidden?: boolean;
}

const titles: Record<FailedStep['step'], string> = {
  present: 'engine',
  archive: 'archive',
  'stand-in': 'stand-in',
  pull: 'pull',
};

/** Returns the error for an image that is not available, with every step that belljar tried. */
export function notFound(reference: string, failed: readonly FailedStep[], cause?: unknown): ImageError {
  const width = Math.max(...Object.values(titles).map(({ length }) => length));
  const message = [
    `The image ${reference} is not available. belljar tried:`,
    ...failed.map(({ step, why }) => `  ${titles[step].padEnd(width)}  ${why}`),
    '',
    'What to do (one of these):',
    ...advice(reference, failed).map((line) => `  - ${line}`),
  ].join('\n');
  return new ImageError('IMAGE_NOT_FOUND', message, { cause });
}

/** Returns the error for an image that could not be pulled, though the engine has one of that name. */
export function notUpdated(reference: string, { id }: ImageFacts, cause: unknown): ImageError {
  const message = [
    `The image ${reference} could not be pulled, and pull is 'always': ${messageOf(cause)}`,
    `The engine has the image ${shortId(id)} of that name. belljar did not use that image, because it may be out of date.`,
    'What to do (one of these):',
    '  - make the registry available, or correct the name',
    "  - use the engine's image as it is: pull: 'missing', or 'never' to ask no registry at all",
  ].join('\n');
  return new ImageError('IMAGE_NOT_UPDATED', message, { cause });
}

function advice(reference: string, failed: readonly FailedStep[]): string[] {
  if (reference.startsWith('sha256:')) return ["use a name; an image can't be pulled by its id."];
  const isNever = failed.some(({ step, isForbidden }) => step === 'pull' && isForbidden === true);
  return [
    ...(isNever ? [`let belljar pull the image: pull: 'missing', or run "docker pull ${reference}"`] : []),
    `correct the name if ${reference} is not the image you mean, or the network if the registry can't be reached`,
    `without a registry: run "docker save -o image.tar ${reference}" on another machine, and set BELLJAR_IMAGE_ARCHIVE=image.tar here`,
    'use a mirror: TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX=registry.example:5000',
    ...(failed.some(({ step }) => step === 'stand-in')
      ? ['use another image that the engine has, under its own name: BELLJAR_STAND_IN=<reference>']
      : []),
  ];
}
