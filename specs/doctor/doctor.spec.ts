import { join } from 'node:path';
import { judgeDisk } from '../../src/doctor/check-disk';
import { doctor } from '../../src/doctor/doctor';
import type { DoctorLine, DoctorReport } from '../../src/doctor/report';
import { connectEngine, forgetEngine } from '../../src/engine/connect/connection';
import { answering, engineOf, fakeEngine } from '../../tooling/engine/fake-engine';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { itAsRootBesideEngine, itElsewhere } from '../../tooling/spec-helpers/modes';

describe('the doctor', () => {
  const settings = { ...process.env };

  afterEach(() => {
    forgetEngine();
    for (const name of Object.keys(process.env)) {
      if (!(name in settings)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, settings);
  });

  describe('on a machine that works', () => {
    it('looks at everything that a run needs', async () => {
      const report = await doctor();

      expect(report.ok).toBe(true);
      expect(report.lines.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'engine',
          'engine version',
          'engine API',
          'storage driver',
          'cgroups',
          'processes',
          'files',
          'isolation',
          'default image',
          'disk space',
          'orphans',
          'docker client',
        ]),
      );
    });

    it('says of everything that is not fine what to do about it', async () => {
      const { lines } = await doctor();

      for (const { status, advice } of lines) {
        if (status === 'ok') expect(advice).toBeUndefined();
        else expect(advice).toMatch(/\S/);
      }
    });

    itAsRootBesideEngine('says that belljar sees everything of containers', async () => {
      const report = await doctor();

      expect(lineOf(report, 'files')).toMatchObject({
        found: expect.stringContaining('read from here') as string,
      });
      expect(lineOf(report, 'processes')).toMatchObject({
        found: expect.stringContaining('need no shell') as string,
      });
    });

    itElsewhere('says how belljar works where it sees nothing of containers', async () => {
      const report = await doctor();

      expect(lineOf(report, 'files')).toMatchObject({
        found: expect.stringContaining("can't be read") as string,
      });
      expect(lineOf(report, 'processes')).toMatchObject({
        found: expect.stringContaining('need a /bin/sh') as string,
      });
    });

    it('names the engine, and who named it', async () => {
      const { endpoint } = await connectEngine();

      expect(lineOf(await doctor(), 'engine')).toEqual({
        name: 'engine',
        status: 'ok',
        found: `${endpoint.host} (${endpoint.source})`,
      });
    });
  });

  describe('on a machine without an engine', () => {
    it('reports it and does not throw; what only an engine could tell is left out', async () => {
      await using directory = await temporaryDirectory();
      process.env.DOCKER_HOST = `unix://${directory.path}/missing.sock`;

      const report = await doctor();

      expect(report.ok).toBe(false);
      expect(report.lines.map(({ name }) => name)).toEqual(['engine', 'docker client']);
      expect(lineOf(report, 'engine')).toMatchObject({
        status: 'problem',
        found: expect.stringContaining('no such socket') as string,
        advice: expect.stringContaining('Start the engine') as string,
      });
    });

    it('reports what an engine that breaks down in the middle can not tell, line by line', async () => {
      await using directory = await temporaryDirectory();
      const healthy = engineOf('23.0.6', '1.42');
      const broken = answering('500 Internal Server Error', '{"message":"out of order"}');
      let requests = 0;
      await using engine = await fakeEngine(
        (socket) => (requests++ === 0 ? healthy : broken)(socket),
        join(directory.path, 'engine.sock'),
      );
      process.env.DOCKER_HOST = engine.host;

      const report = await doctor();

      expect(lineOf(report, 'engine').status).toBe('ok');
      for (const name of ['engine version', 'storage driver', 'default image', 'disk space', 'orphans']) {
        expect(lineOf(report, name)).toMatchObject({
          status: 'warning',
          found: expect.stringMatching(/^could not be checked: .*out of order/) as string,
          advice: expect.stringMatching(/\S/) as string,
        });
      }
    });
  });

  describe('of the default image', () => {
    it('reports an archive that is not there', async () => {
      await using directory = await temporaryDirectory();
      const archive = join(directory.path, 'image.tar');
      process.env.BELLJAR_IMAGE_ARCHIVE = archive;

      const line = lineOf(await doctor(), 'default image');

      // Where ubuntu:20.04 is in the engine already, no archive is needed.
      if (line.status !== 'ok') {
        expect(line).toMatchObject({ status: 'problem', found: expect.stringContaining(archive) as string });
      }
    });
  });

  describe('of disk space', () => {
    it.each([
      [100e9, 'ok'],
      [2e9, 'warning'],
      [100e6, 'problem'],
    ])('judges %d free bytes: %s', (free, status) => {
      expect(judgeDisk('/var/lib/docker', free).status).toBe(status);
    });
  });
});

function lineOf(report: DoctorReport, name: string): DoctorLine {
  const line = report.lines.find((candidate) => candidate.name === name);
  if (line === undefined) throw new Error(`The doctor has no line "${name}".`);
  return line;
}
