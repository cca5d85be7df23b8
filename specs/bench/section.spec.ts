import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { clocked, interleave } from '../../bench/measure';
import { measureSection } from '../../bench/section';
import { labelsOf } from '../../bench/sweep';
import { connectEngine } from '../../src/engine/connect/connection';
import { withContainer } from '../../src/index';

const { signal } = new AbortController();

/** A run of its own, so that what is removed is only ever this spec's. */
const runId = `spec-${randomBytes(4).toString('hex')}`;

let docker: Docker;

beforeAll(async () => {
  ({ docker } = await connectEngine());
});

describe('a section of the benchmark', () => {
  it('has a row that failed, and no number, if a command in a container fails', async () => {
    const measure = () =>
      withContainer(async (box) => {
        const samples = await interleave({ belljar: clocked(() => box.$`false`) }, { rounds: 1, signal });
        return [{ name: 'x', unit: 'ms', samples, comparison: { of: 'belljar' } } as const];
      });

    const rows = await measureSection('b', { title: 'one command', measure }, { docker, runId, signal });

    expect(rows).toEqual([
      expect.objectContaining({
        name: 'b: one command',
        belljar: null,
        reached: false,
        error: expect.stringContaining('Command failed with exit code 1: false') as string,
      }),
    ]);
  });

  it('fails if it leaves a container in the engine, which is removed', async () => {
    let id = '';
    const measure = async () => {
      const { Id: image = '' } = (await docker.listImages())[0] ?? {};
      ({ id } = await docker.createContainer({ Image: image, Cmd: ['true'], Labels: labelsOf(runId) }));
      return [];
    };

    const rows = await measureSection('a', { title: 'leaky', measure }, { docker, runId, signal });

    expect(rows[0]?.error).toBe('it left 1 containers in the engine, which have been removed');
    await expect(docker.getContainer(id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });
});
