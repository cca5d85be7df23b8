import { ImageError } from '../errors';
import { parseDockerfile, type Instruction } from './dockerfile';

/** What a Dockerfile needs that only BuildKit has, and what works instead. */
interface Need {
  line: number;
  what: string;
  instead: string;
}

/** The flags that only BuildKit knows, and what works instead. */
const flagNeeds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RUN: {
    mount: 'copy what the step needs; for a secret, do the step in the set-up of image.derive()',
    network: 'leave the flag out',
    security: 'do the step in a container with the option privileged',
    device: 'do the step in a container with the option devices',
  },
  COPY: {
    chmod: 'change the mode by a RUN chmod after it',
    link: 'leave the flag out: it only changes what the cache keeps',
    parents: 'copy each directory to its place by its own COPY',
    exclude: 'name the files in .dockerignore',
  },
  ADD: {
    chmod: 'change the mode by a RUN chmod after it',
    link: 'leave the flag out: it only changes what the cache keeps',
    checksum: 'check by a RUN sha256sum --check after it',
    'keep-git-dir': 'clone the repository by RUN git clone',
    exclude: 'name the files in .dockerignore',
    unpack: 'unpack by a RUN tar after it',
  },
};

/** The variables that BuildKit sets by itself. */
const platformVariable = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** What decides which instructions of a Dockerfile are carried out. */
export interface BuildChoice {
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly target?: string;
}

/**
 * Refuses a Dockerfile that only BuildKit can build: the classic builder would stop in the middle, with an error that
 * does not name the line, or would take a variable that BuildKit sets as empty.
 *
 * @param path the Dockerfile's, for the message
 * @param text the Dockerfile's content
 * @throws ImageError `BUILDKIT_NEEDED`
 */
export function refuseBuildKit(path: string, text: string, choice: BuildChoice): void {
  const { syntax, instructions } = parseDockerfile(text);
  const needs = builtBy(choice.target, instructions).flatMap((one) => needsOf(one, choice.buildArgs ?? {}));
  if (syntax !== undefined && !isStandard(syntax))
    needs.unshift({
      line: 1,
      what: `# syntax=${syntax}`,
      instead: 'leave the line out if the Dockerfile needs no other frontend than docker/dockerfile',
    });
  if (needs.length === 0) return;
  const message = [
    `${path} needs BuildKit, and belljar builds with the engine's classic builder:`,
    ...needs.map(({ line, what, instead }) => `  line ${line}: ${what}\n    instead: ${instead}`),
    'Or build the image by "docker buildx build --load --tag NAME DIRECTORY", and use it by that name.',
  ].join('\n');
  throw new ImageError('BUILDKIT_NEEDED', message);
}

function needsOf({ line, name, flags, rest, hereDocument }: Instruction, given: object): Need[] {
  const known = flagNeeds[name] ?? {};
  const needs = flags.flatMap((flag): Need[] => {
    const word = flag.slice(2).replace(/=.*$/, '');
    const instead = Object.hasOwn(known, word) ? known[word] : undefined;
    return instead === undefined ? [] : [{ line, what: `${name} --${word}`, instead }];
  });
  if (hereDocument !== undefined)
    needs.push({
      line,
      what: `${name} <<${hereDocument}`,
      instead:
        name === 'RUN'
          ? 'join the commands by && and put \\ at the ends of lines, or copy a script and run it'
          : 'put the content into a file of the context',
    });
  if (name !== 'ARG') return needs;
  const unset = rest.split(/\s+/).filter((arg) => platformVariable.test(arg) && !Object.hasOwn(given, arg));
  return unset.map((arg) => ({
    line,
    what: `ARG ${arg}`,
    instead: `give its value by buildArgs: { ${arg}: '…' }, or write a default: ARG ${arg}=…`,
  }));
}

/** The classic builder stops after the stage that is to be built. */
function builtBy(target: string | undefined, instructions: readonly Instruction[]): readonly Instruction[] {
  if (target === undefined) return instructions;
  const stages = instructions.filter(({ name }) => name === 'FROM');
  const found = stages.findIndex(
    ({ rest }, index) =>
      /\sAS\s+(\S+)\s*$/i.exec(rest)?.[1]?.toLowerCase() === target.toLowerCase() || String(index) === target,
  );
  const after = found === -1 ? undefined : stages[found + 1];
  return after === undefined ? instructions : instructions.slice(0, instructions.indexOf(after));
}

/** The classic builder ignores a `# syntax` line. Without experiments, Docker's own frontend has nothing else in it. */
function isStandard(syntax: string): boolean {
  return /^(?:docker\.io\/)?docker\/dockerfile(?::[\d.]+|:latest)?(?:@.*)?$/.test(syntax);
}
