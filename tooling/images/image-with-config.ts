import { randomUUID } from 'node:crypto';
import { Image } from '../../src';
import { connectEngine } from '../../src/engine/connect/connection';

/**
 * Makes an image of the default image's files, with a config of its own. The caller removes it with `removeImage`.
 *
 * @param config as the engine's API has it: `{ Cmd: ['sleep', '1'] }`
 */
export async function imageWithConfig(config: object): Promise<Awaited<ReturnType<typeof Image.inspect>>> {
  const { docker } = await connectEngine();
  const base = await Image.resolve();
  const repo = `belljar-specs/configured-${randomUUID()}`;
  const container = await docker.createContainer({ Image: base.id, Entrypoint: ['/none'], Cmd: [] });
  try {
    await container.commit({
      _query: { container: container.id, repo, tag: '1' },
      _body: { Entrypoint: [], ...config },
    });
  } finally {
    await container.remove();
  }
  return Image.inspect(`${repo}:1`);
}
