import { isBox, type Box } from '../box/box';
import { createBox } from '../box/create-box';
import { attachContainer, type Attachable } from '../container/started/attached-container';
import { checkSecrets } from '../container/options';
import { readLayer } from '../filesystem/changes/layer';
import { InvalidOptionError } from '../support/errors';
import { checkOptions, type OptionChecks } from '../support/options/check-options';
import { oneOf } from '../support/options/option-checks';
import { trackCalls } from './calls';
import { currentTestObserver, recordsCommands, type RunningTest } from './test-observer';

/** How a test looks at a container that belljar does not own. */
export interface AttachOptions {
  /**
   * What `changes()` compares the container with: `now`, its state at the moment of `attach()`, or `image`. belljar
   * reads the state of `now` at once, which takes as long as a call of `changes()`. Default `now`.
   */
  baseline?: 'now' | 'image';
  /** Secret strings and patterns, as for a container that belljar starts. Default: none. */
  redact?: readonly (string | RegExp)[];
}

const checks = {
  baseline: oneOf(['now', 'image']),
  redact: checkSecrets,
} satisfies OptionChecks<AttachOptions>;

/** A container of another owner as a test holds it. `stop()` and `remove()` are refused with `NOT_OWNED`. */
export interface AttachedBox extends Box {
  /**
   * Ends what the test has opened in the container: persistent shells, terminals and spawned processes. The container
   * runs on. `await using` does this, and so does the end of a test file. Safe to call again.
   */
  detach(): Promise<void>;
}

/** The attached boxes, with the test of each; undefined if the test is not known. */
export const attachedBoxes = new Map<AttachedBox, RunningTest | undefined>();

/**
 * Attaches to a running container that belljar does not own, such as one of testcontainers' modules or a compose
 * service: the test gets its commands, files, changes, waits and matchers. belljar never stops, removes or labels the
 * container: `await using box = await attach(await new GenericContainer('redis:7').start())`.
 *
 * @param container testcontainers' object of the container, or its id or name in the engine
 * @param options `baseline`, what `changes()` compares with, default `now`; `redact`, secrets
 * @throws InvalidOptionError for anything else than a container, or an option that can't be used
 * @throws ContainerError `CONTAINER_NOT_FOUND`
 * @throws ImageError `IMAGE_NOT_FOUND` if the engine no longer has the container's image
 * @throws EngineError if there is no engine
 */
export async function attach(container: Attachable, options: AttachOptions = {}): Promise<AttachedBox> {
  checkOptions(options, checks);
  if (isBox(container)) throw new InvalidOptionError('The container', 'is a box already: use it as it is');
  const opened: AsyncDisposable[] = [];
  const leave = async (): Promise<void> => {
    attachedBoxes.delete(box);
    await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()));
  };
  const started = await attachContainer(container, options.redact, leave);
  const baseline = options.baseline === 'image' ? undefined : await readLayer(started, true);
  const plain = createBox(started, { baseline, recorded: recordsCommands() });
  const spawn = plain.spawn.bind(plain);
  const terminal = plain.terminal.bind(plain);
  const keep = async <Opened extends AsyncDisposable>(opening: Promise<Opened>): Promise<Opened> => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  const box: AttachedBox = Object.assign(plain, {
    // Such a program would outlive the test, because its container does.
    spawn: ((...given: Parameters<typeof spawn>) => keep(spawn(...given))) as typeof spawn,
    terminal: (...given: Parameters<typeof terminal>) => keep(terminal(...given)),
    detach: async () => started[Symbol.asyncDispose](),
  });
  const test = currentTestObserver()?.currentTest();
  attachedBoxes.set(box, test);
  trackCalls(box);
  box.removal.addEventListener('abort', () => currentTestObserver()?.removed(box, test), { once: true });
  return box;
}

/** Detaches from all containers: at the end of a test file, what the file has opened must not stay open. */
export async function detachAll(): Promise<void> {
  await Promise.all([...attachedBoxes.keys()].map((box) => box.detach()));
}
