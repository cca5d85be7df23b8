import Docker from 'dockerode';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';

const specs = Array.from({ length: Number(process.env.BELLJAR_BENCH_SPECS) }, (_, index) => index + 1);
const { BELLJAR_BENCH_IMAGE: image = '', BELLJAR_BENCH_LABELS: labels = '{}' } = process.env;

describe('an installer, on plain testcontainers', () => {
  const docker = new Docker();
  let container: StartedTestContainer;

  beforeEach(async () => {
    container = await new GenericContainer(image)
      .withCommand(['sleep', 'infinity'])
      .withLabels(JSON.parse(labels) as Record<string, string>)
      .start();
  });

  afterEach(async () => {
    await container.stop();
  });

  it.each(specs)('installs tool %i', async (number) => {
    const directory = `/opt/tool-${number}`;
    await run('mkdir', '-p', `${directory}/bin`);
    await run('sh', '-c', `printf '#!/bin/sh\\necho tool %s\\n' ${number} > ${directory}/bin/tool`);
    await run('chmod', '755', `${directory}/bin/tool`);
    await run('ln', '-s', `${directory}/bin/tool`, '/usr/local/bin/tool');
    const stdout = await run('tool');

    expect(stdout).toBe(`tool ${number}\n`);
    expect(await run('stat', '-c', '%a %U', `${directory}/bin/tool`)).toBe('755 root\n');
    expect(await run('cat', `${directory}/bin/tool`)).toBe(`#!/bin/sh\necho tool ${number}\n`);
    const changes = (await docker.getContainer(container.getId()).changes()) as { Path: string }[];
    const paths = changes.map(({ Path }) => Path);
    expect(paths).toEqual(expect.arrayContaining([`${directory}/bin/tool`, '/usr/local/bin/tool']));
  });

  async function run(...command: string[]): Promise<string> {
    const { stdout, exitCode } = await container.exec(command);
    expect(exitCode).toBe(0);
    return stdout;
  }
});
