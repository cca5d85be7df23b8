import { ImageError } from '../errors';

/** A way to an image that did not lead to it. */
export interface FailedStep {
  step: 'present' | 'archive' | 'stand-in' | 'pull';
  /** Why, as it reads after a colon. */
  why: string;
}

const titles: Record<FailedStep['step'], string> = {
  present: 'engine',
  archive: 'archive',
  'stand-in': 'stand-in',
  pull: 'pull',
};

/** The error for an image that can't be had, with everything that was tried. */
export function notFound(reference: string, failed: readonly FailedStep[], cause?: unknown): ImageError {
  const width = Math.max(...Object.values(titles).map(({ length }) => length));
  const message = [
    `The image ${reference} can't be had. belljar tried:`,
    ...failed.map(({ step, why }) => `  ${titles[step].padEnd(width)}  ${why}`),
    '',
    'What to do, one of:',
    ...advice(reference, failed).map((line) => `  - ${line}`),
  ].join('\n');
  return new ImageError('IMAGE_NOT_FOUND', message, { cause });
}

function advice(reference: string, failed: readonly FailedStep[]): string[] {
  if (reference.startsWith('sha256:'))
    return ["use a name; an image that is known by its id only can't be fetched."];
  return [
    `correct the name, if ${reference} is not what you mean, or the network, if the registry can't be reached`,
    `where there is no registry: "docker save -o image.tar ${reference}" elsewhere, and BELLJAR_IMAGE_ARCHIVE=image.tar here`,
    'a mirror: TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX=registry.example:5000',
    ...(failed.some(({ step }) => step === 'stand-in')
      ? ['an image that the engine has instead, under its own name: BELLJAR_STAND_IN=<reference>']
      : []),
  ];
}
