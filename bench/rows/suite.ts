import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench';
import type { Measurement } from '../row';

const suites = ['belljar', 'testcontainers'] as const;

type Suite = (typeof suites)[number];

/** The number of test files over which the specs are spread, so that two workers can share them. */
const files = 4;

/**
 * (d) The wall time of a whole Jest with a suite of specs, each with a fresh container, five commands, two assertions
 * on files and a list of changes: bench/suites/, written for belljar and for plain testcontainers.
 */
export async function suite(bench: Bench): Promise<Measurement[]> {
  for (const name of suites) installSuite(bench, name);
  const measurements: Measurement[] = [];
  for (const workers of [1, 2]) measurements.push(await withWorkers(bench, workers));
  return measurements;
}

async function withWorkers(bench: Bench, workers: number): Promise<Measurement> {
  const specs = bench.times(100, 8);
  const samples = { belljar: [] as number[], testcontainers: [] as number[] };
  for (const name of suites) samples[name].push(await runSuite(bench, name, specs, workers));
  return {
    name: `suite of ${specs} specs in Jest, ${workers === 1 ? 'one worker' : `${workers} workers`}`,
    unit: 's',
    samples,
    comparison: { of: 'testcontainers/belljar', atLeast: 4 },
    note: `the whole run of Jest; ${specs} specs in ${files} files.`,
  };
}

/** Compiled ahead, so that Jest transforms nothing in either. */
function installSuite({ workspace }: Bench, name: Suite): void {
  const directory = join(workspace.directory, `suite-${name}`);
  for (let part = 1; part <= files; part += 1) {
    workspace.compile(`suites/${name}.ts`, `suite-${name}/part-${part}.spec.js`);
  }
  const preset = name === 'belljar' ? { preset: 'belljar/jest-preset' } : {};
  const config = { ...preset, transform: {}, testTimeout: 60_000 };
  writeFileSync(join(directory, 'jest.config.json'), JSON.stringify(config));
}

/** @returns seconds; @throws Error if a spec failed */
async function runSuite(bench: Bench, name: Suite, specs: number, workers: number): Promise<number> {
  const { workspace, image, labels } = bench;
  const jest = join(workspace.directory, 'node_modules/jest/bin/jest.js');
  const start = performance.now();
  const printed = await workspace.node([jest, '--json', `--maxWorkers=${workers}`], {
    cwd: join(workspace.directory, `suite-${name}`),
    env: {
      BELLJAR_BENCH_SPECS: String(specs / files),
      BELLJAR_BENCH_IMAGE: image.reference,
      BELLJAR_BENCH_LABELS: JSON.stringify(labels),
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const { numPassedTests: passed } = JSON.parse(printed) as { numPassedTests: number };
  if (passed !== specs) throw new Error(`${passed} of ${specs} specs passed on ${name}`);
  return seconds;
}
