import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { setUp } from '../tooling/machine/set-up';
import { connectEngine } from '../src/engine/connect/connection';
import { currentRun } from '../src/ownership/run';
import type * as Belljar from '../src/index';
import type { Image } from '../src/image/image';
import { resolveImage } from '../src/image/sources/resolve';
import { labelsOf, sweep } from './sweep';
import { makeWorkspace, type Workspace } from './workspace';

/** What every section needs to measure. */
export interface Bench {
  /** belljar as it is published: built, packed, and unpacked into a directory of its own. */
  belljar: typeof Belljar;
  workspace: Workspace;
  docker: Docker;
  /** The image of every container. */
  image: Image;
  /** The run that belljar's containers and the others are labelled with. */
  runId: string;
  /** On every container that is not belljar's, so that it can be found and removed. */
  labels: Record<string, string>;
  /** Aborted when the run is to end early. */
  signal: AbortSignal;
  /** The number of repetitions, in a full run and with `--quick`. */
  times(full: number, quick: number): number;
}

/**
 * Readies the engine, the image and the built package, runs `use`, and removes everything from the engine and
 * the disk, also after a failure.
 */
export async function withBench(
  options: { quick: boolean; signal: AbortSignal },
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  // There may be no registry that has Ryuk. Without Ryuk, testcontainers is faster, if anything.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  // Begins the run that belljar, in this process and its children, joins.
  currentRun();
  const machine = await setUp();
  try {
    await withWorkspace(options, use);
  } finally {
    await machine.tearDown();
  }
}

async function withWorkspace(
  options: { quick: boolean; signal: AbortSignal },
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  const { id: runId } = currentRun();
  const { docker } = await connectEngine();
  const image = await resolveImage();
  const directory = mkdtempSync(join(tmpdir(), 'belljar-bench-'));
  try {
    const workspace = await makeWorkspace(directory, options.signal);
    await use({
      belljar: workspace.belljar,
      workspace,
      docker,
      runId,
      image,
      labels: labelsOf(runId),
      signal: options.signal,
      times: (full, quick) => (options.quick ? quick : full),
    });
  } finally {
    await sweep(docker, runId);
    rmSync(directory, { recursive: true, force: true });
  }
}
