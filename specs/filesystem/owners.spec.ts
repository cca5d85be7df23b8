import { useContainer } from '../../src';

describe('In a container whose user is not root', () => {
  const box = useContainer({ scope: 'file', network: 'none', user: 'nobody' });

  it('new files and directories belong to root, as with docker cp and COPY', async () => {
    await box.files.write('/opt/written', 'x');
    await box.files.mkdir('/opt/made');
    await box.files.copyIn(__filename, '/opt/copied');

    for (const path of ['/opt/written', '/opt/made', '/opt/copied'])
      expect(await box.files.stat(path)).toMatchObject({ owner: 'root', group: 'root' });
  });

  it('a file belongs to whom the option owner names, who can write to it', async () => {
    await box.files.write('/opt/own', 'x', { owner: box.user });
    await box.sh`echo more >>/opt/own`;

    expect(await box.files.stat('/opt/own')).toMatchObject({ owner: 'nobody' });
    expect(await box.files.read('/opt/own')).toBe('xmore\n');
  });
});
