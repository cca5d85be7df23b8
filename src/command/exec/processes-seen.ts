import type Docker from 'dockerode';
import type { StartedContainer } from '../../container/started-container';
import { inContainer } from '../../container/container-state';
import { isPodman } from '../../engine/info';
import { pidInContainer } from './kill';

/** What belljar has to know of a container before it starts a program there that it may have to stop. */
export interface ContainerView {
  /** Whether this machine sees the container's processes, so that it can find a program's process id from outside. */
  processesSeen: boolean;
  /**
   * Whether the engine tells an exec's process id even after its end. An id of 0 then means that no program ran. Podman
   * tells the id only while the program runs.
   */
  pidsKept: boolean;
  /** The variables that every program of the container gets. */
  env: Readonly<Record<string, string>>;
}

/** By the engine's client of the container. No fact changes while the container exists. */
const views = new WeakMap<Docker.Container, ContainerView>();

/** Looks once at each container. */
export async function viewOf(container: StartedContainer): Promise<ContainerView> {
  const { docker } = container;
  const known = views.get(docker);
  if (known !== undefined) return known;
  const { State, Config } = await inContainer(container, () => docker.inspect());
  const pidsKept = !(await isPodman());
  const pid = State.Pid > 0 ? await pidInContainer(docker, State.Pid) : undefined;
  const view = { processesSeen: pid !== undefined, pidsKept, env: variablesOf(Config.Env) };
  // A container that does not run has no process to look for.
  if (State.Pid > 0) views.set(docker, view);
  return view;
}

function variablesOf(list: readonly string[] | null): Record<string, string> {
  return Object.fromEntries(
    (list ?? []).map((variable) => {
      const [name = '', ...value] = variable.split('=');
      return [name, value.join('=')];
    }),
  );
}
