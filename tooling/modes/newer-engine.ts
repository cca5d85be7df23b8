import { startPrivateEngine } from '../../src/engine/private/private-engine';
import { setUp } from '../machine/set-up';
import { ensureNewerEngine, newerEngineProgram } from '../newer-engine/build';
import { startMode, type Mode } from './mode';

/** A Docker engine of a later Debian release in place of this machine's. */
export const newerEngine: Mode = {
  about: 'root, with a newer Docker engine',
  start: (say) =>
    startMode(async (steps) => {
      process.env.BELLJAR_NEWER_ENGINE = ensureNewerEngine(say);
      say('starting the newer engine');
      const engine = await startPrivateEngine({ name: 'newer-engine', dockerd: newerEngineProgram });
      steps.finally(() => engine.stop());
      const version = engine.log.find(({ message }) => message === 'Docker daemon')?.fields.version;
      say(`Docker ${version ?? 'of unknown version'} is at ${engine.endpoint.host}`);
      const machine = await setUp();
      steps.finally(() => machine.tearDown());
      return { prefix: [], cwd: process.cwd(), env: {} };
    }),
};
