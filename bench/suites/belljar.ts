import { useContainer } from 'belljar';

const specs = Array.from({ length: Number(process.env.BELLJAR_BENCH_SPECS) }, (_, index) => index + 1);

describe('an installer, on belljar', () => {
  const box = useContainer();

  it.each(specs)('installs tool %i', async (number) => {
    const directory = `/opt/tool-${number}`;
    await box.$`mkdir -p ${directory}/bin`;
    await box.sh`printf '#!/bin/sh\necho tool %s\n' ${number} > ${directory}/bin/tool`;
    await box.$`chmod 755 ${directory}/bin/tool`;
    await box.$`ln -s ${directory}/bin/tool /usr/local/bin/tool`;
    const { stdout } = await box.$`tool`;

    expect(stdout).toBe(`tool ${number}`);
    await expect(box).toHaveFile(`${directory}/bin/tool`, { mode: 0o755, owner: 'root' });
    await expect(box).toHaveFile(`${directory}/bin/tool`, { content: `#!/bin/sh\necho tool ${number}\n` });
    const paths = (await box.changes()).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining([`${directory}/bin/tool`, '/usr/local/bin/tool']));
  });
});
