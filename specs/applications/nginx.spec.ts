import { ServiceError, useContainer, type SpawnedProcess } from '../../src';
import { imageWith } from '../../tooling/images/image-with';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** The first test on a machine may have to install it. */
jest.setTimeout(180_000);

describe('nginx, as Debian packages it', () => {
  const box = useContainer({ scope: 'file', image: imageWith('nginx-light'), ports: [80] });
  let nginx: SpawnedProcess;

  beforeAll(async () => {
    nginx = await box.spawn('nginx', ['-g', 'daemon off;']);
    await box.waitForHttp(80, { body: 'Welcome to nginx', timeout: 20_000 });
  });

  it('listens on port 80, and the host reads its page through the published port', async () => {
    const response = await fetch(`http://localhost:${box.port(80)}/`);

    await expect(box).toListenOn(80);
    expect(response.status).toBe(200);
    expect(response.headers.get('server')).toMatch(/^nginx/);
    expect(await response.text()).toContain('<h1>Welcome to nginx!</h1>');
  });

  it('serves what a spec puts into its directory, and notes whom it served', async () => {
    await box.files.write('/var/www/html/jar.html', '<p>sealed</p>\n');

    const response = await fetch(`http://localhost:${box.port(80)}/jar.html`);

    expect(await response.text()).toBe('<p>sealed</p>\n');
    await box.waitForCommand('grep', ['-F', 'GET /jar.html HTTP/1.1" 200', '/var/log/nginx/access.log']);
  });

  it('takes another configuration without an end to its service', async () => {
    await box.files.write('/etc/nginx/conf.d/second.conf', 'server { listen 81; return 200 "second"; }\n');
    await expect(box.$`nginx -t`).toPrintError('test is successful');

    await box.$`nginx -s reload`;

    await box.waitForHttp(81, { body: /^second$/ });
    await box.waitForHttp(80);
    expect(nginx.ended).toBe(false);
  });

  it('says what it answered if it does not have a page', async () => {
    const wait = box.waitForHttp(80, { path: '/none.html', status: 200, timeout: 1500 });

    const { message } = await rejectionOf(wait, ServiceError);

    expect(message).toContain('Last seen: status 404 Not Found\nBody:\n  <html>');
    expect(message).toMatch(/\n {2}\d+ nginx: master process nginx -g daemon off;/);
  });

  it('finishes what it serves when it is told to, and listens no more', async () => {
    await nginx.kill('SIGQUIT');

    await expect(nginx.exit).toExitWith(0);
    await expect(box).not.toListenOn(80);
  });
});
