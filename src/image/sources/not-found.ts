import { ImageError } from '../errors';

/** A step of the search for an image that did not find the image. */
export interface FailedStep {
  step: 'present' | 'archive' | 'stand-in' | 'pull';
  /** The reason, as it reads after a colon. */
  why: string;
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

function advice(reference: string, failed: readonly FailedStep[]): string[] {
  if (reference.startsWith('sha256:')) return ["use a name; an image can't be pulled by its id."];
  return [
    `correct the name if ${reference} is not the image you mean, or the network if the registry can't be reached`,
    `without a registry: run "docker save -o image.tar ${reference}" on another machine, and set BELLJAR_IMAGE_ARCHIVE=image.tar here`,
    'use a mirror: TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX=registry.example:5000',
    ...(failed.some(({ step }) => step === 'stand-in')
      ? ['use another image that the engine has, under its own name: BELLJAR_STAND_IN=<reference>']
      : []),
  ];
}
