import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError, ServiceError, useContainer } from '../../src';
import { answer, server } from '../../tooling/containers/web-server';
import { temporaryDirectory } from '../../tooling/machine/temporary-directory';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

/** A program in a container that passes connections on to a port of the host: the container itself has no TLS. */
function passedOn(from: number, to: number): [file: string, args: string[]] {
  const script = [
    'use IO::Socket::INET; use IO::Select; $SIG{CHLD} = "IGNORE";',
    `$server = IO::Socket::INET->new(LocalPort => ${from}, Listen => 5, ReuseAddr => 1) or die $!;`,
    'while ($client = $server->accept) { next if fork;',
    `$host = IO::Socket::INET->new(PeerAddr => "host.docker.internal", PeerPort => ${to}) or die $!;`,
    '$both = IO::Select->new($client, $host);',
    'while (1) { for $one ($both->can_read) { sysread($one, $bytes, 65536) or exit;',
    '$other = $one == $client ? $host : $client; syswrite($other, $bytes) } } }',
  ];
  return ['perl', ['-e', script.join(' ')]];
}

/** A server with a certificate that it has signed itself, for the name `box.test`. */
async function tlsServer(listener: RequestListener): Promise<AsyncDisposable & { port: number; ca: string }> {
  const directory = await temporaryDirectory();
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(directory.path, name)) as [string, string];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=box.test'];
  const files = ['-addext', 'subjectAltName=DNS:box.test', '-keyout', key, '-out', cert];
  execFileSync('openssl', [...request, ...files], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ca = readFileSync(cert, 'utf8');
  const https = createServer({ key: readFileSync(key), cert: ca }, listener);
  const port = await new Promise<number>((resolve) => {
    https.listen(0, '0.0.0.0', () => resolve((https.address() as { port: number }).port));
  });
  return {
    port,
    ca,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => https.close(resolve));
      await directory[Symbol.asyncDispose]();
    },
  };
}

describe('A service over TLS', () => {
  const box = useContainer({
    scope: 'file',
    ports: [8443],
    extraHosts: { 'host.docker.internal': 'host-gateway' },
  });

  it('is waited for, if its certificate is trusted, or any certificate will do', async () => {
    await using https = await tlsServer((_, response) => response.end('by TLS'));
    await using service = await box.spawn(...passedOn(8443, https.port));

    await box.waitForHttp(8443, { tls: { allowInsecure: true }, body: 'by TLS' });
    await box.waitForHttp(8443, { tls: { ca: https.ca, serverName: 'box.test' } });
    await box.waitForHttp(8443, { tls: { ca: Buffer.from(https.ca), serverName: 'box.test' } });
    expect(service.ended).toBe(false);
  });

  it('is not ready if its certificate is not trusted, and the failure says what to do', async () => {
    await using https = await tlsServer((_, response) => response.end('by TLS'));
    await using service = await box.spawn(...passedOn(8443, https.port));
    await box.waitForPort(8443);

    const untrusted = await rejectionOf(box.waitForHttp(8443, { tls: true, timeout: 300 }), ServiceError);
    const misnamed = await rejectionOf(
      box.waitForHttp(8443, { tls: { ca: https.ca }, timeout: 300 }),
      ServiceError,
    );

    expect(untrusted.message).toContain('to GET / on port 8443 over TLS in container');
    expect(untrusted.message).toMatch(
      /no known authority has signed the certificate \(\w+\): give \{ tls: \{ ca \} \}, or \{ tls: \{ allowInsecure: true \} \}/,
    );
    expect(misnamed.message).toContain('the certificate is for another name: give { tls: { serverName } }');
    expect(service.ended).toBe(false);
  });

  it('is told from one without TLS', async () => {
    await using service = await box.spawn(...server(8443, answer('200 OK', 'plain')));
    await box.waitForHttp(8443);

    const failure = await rejectionOf(box.waitForHttp(8443, { tls: true, timeout: 300 }), ServiceError);

    expect(failure.message).toContain('the server does not speak TLS: leave tls out');
    expect(service.ended).toBe(false);
  });
});

describe('A service that wants a password', () => {
  const box = useContainer({ scope: 'file', ports: [8080] });
  const guarded =
    '$ok = 0; while (<$client>) { last if /^\\r$/; $ok = 1 if /^authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l\\r$/i }' +
    ` if ($ok) { ${answer('200 OK', 'welcome')} } else { ${answer('401 Unauthorized', 'who is it? opensesame')} }`;

  it('is given it', async () => {
    await using service = await box.spawn(...server(8080, guarded));

    await box.waitForHttp(8080, { basicAuth: { user: 'aladdin', password: 'opensesame' }, body: 'welcome' });

    expect(service.ended).toBe(false);
  });

  it('does not get it shown by a failure', async () => {
    await using service = await box.spawn(...server(8080, guarded));
    const basicAuth = { user: 'jafar', password: 'opensesame' };

    const failure = await rejectionOf(box.waitForHttp(8080, { basicAuth, timeout: 500 }), ServiceError);

    expect(failure.message).toContain('status 401 Unauthorized');
    expect(failure.message).toContain('who is it? [redacted]');
    expect(failure.message).not.toContain('opensesame');
    expect(service.ended).toBe(false);
  });
});

describe('A function that judges an answer', () => {
  const box = useContainer({ scope: 'file', ports: [8080] });

  it('may judge the status and the body', async () => {
    const growing = String.raw`print "HTTP/1.0 418 Teapot\r\n\r\n{\"count\": $n}"`;
    await using service = await box.spawn(...server(8080, growing));

    await box.waitForHttp(8080, {
      status: (status) => status >= 400 && status < 500,
      body: (body) => (JSON.parse(body) as { count: number }).count >= 3,
    });

    expect(service.ended).toBe(false);
  });

  it('is named by the failure, with what it has refused', async () => {
    await using service = await box.spawn(...server(8080, answer('200 OK', 'hello')));
    const waiting = box.waitForHttp(8080, { status: () => false, body: () => true, timeout: 300 });

    const failure = await rejectionOf(waiting, ServiceError);

    expect(failure.message).toContain(
      'a status that the function accepts and a body that the function accepts',
    );
    expect(failure.message).toContain('Last seen: status 200 OK\nBody:');
    expect(service.ended).toBe(false);
  });

  it('ends the wait at once with what it throws', async () => {
    await using service = await box.spawn(...server(8080, answer('200 OK', 'no JSON')));
    const waiting = box.waitForHttp(8080, { body: (body) => JSON.parse(body) === 1 });

    await expect(waiting).rejects.toThrow(/JSON/);
    expect(service.ended).toBe(false);
  });

  it('must return true or false: a promise would always be true', async () => {
    await using service = await box.spawn(...server(8080, answer('200 OK', 'hello')));
    const waiting = box.waitForHttp(8080, { body: (() => Promise.resolve(false)) as never });

    const error = await rejectionOf(waiting, InvalidOptionError);

    expect(error.message).toMatch(/^body must be a function that returns true or false; it returned/);
    expect(service.ended).toBe(false);
  });

  it.each<[string, object, RegExp]>([
    ['a mistyped option of TLS', { tls: { insecure: true } }, /^tls: insecure is not an option/],
    ['an authority that is none', { tls: { ca: 1 } }, /^tls: ca must be certificates in PEM/],
    ['TLS that is no flag', { tls: 'yes' }, /^tls must be an object/],
    ['a user without a password', { basicAuth: { user: 'x' } }, /^basicAuth must be \{ user, password \}/],
    [
      'a user with a colon',
      { basicAuth: { user: 'x:y', password: '' } },
      /^basicAuth must be \{ user, password \}/,
    ],
    ['a status that is none', { status: 'ok' }, /^status must be a whole number from 100 to 599/],
  ])('is refused beside %s', async (_, options, message) => {
    const error = await rejectionOf(box.waitForHttp(8080, options), InvalidOptionError);

    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('password:');
  });
});
