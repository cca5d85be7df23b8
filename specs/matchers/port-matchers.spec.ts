import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { useContainer } from '../../src';
import { parseListeners } from '../../src/service/listeners';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

/** A server in a few lines, of what the base image has: perl. */
function server(port: number, delay = 0): string[] {
  const answer = String.raw`HTTP/1.0 200 OK\r\n\r\nhello from inside`;
  const script = [
    'use IO::Socket::INET;',
    `select(undef, undef, undef, ${delay});`,
    `$server = IO::Socket::INET->new(LocalPort => ${port}, Listen => 5, ReuseAddr => 1) or die $!;`,
    `while ($client = $server->accept) { <$client>; print $client "${answer}"; close $client }`,
  ];
  return ['-e', script.join(' ')];
}

describe('The matcher for ports', () => {
  const box = useContainer({ scope: 'file', ports: [8080] });

  it('waits until something listens, which the host then reaches', async () => {
    await using running = await box.spawn('perl', server(8080, 0.5));

    await expect(box).toListenOn(8080);

    expect(await fetchText(box.port(8080))).toBe('hello from inside');
    expect(running.ended).toBe(false);
  });

  it('waits with .not until nothing listens', async () => {
    const process = await box.spawn('perl', server(8081));
    await expect(box).toListenOn(8081);

    await process.kill();

    await expect(box).not.toListenOn(8081);
  });

  it('shows what listens, and the processes, if nothing comes', async () => {
    await using running = await box.spawn('perl', server(8082));
    await expect(box).toListenOn(8082);

    const message = await failureOf(expect(box).toListenOn(80, { timeout: 50 }));

    expect(running.ended).toBe(false);

    expect(message).toMatch(/^expect\(received\)\.toListenOn\(80\)\n/);
    expect(message).toContain('Expected: something to listen on port 80 within 50 ms');
    expect(message).toContain('Received: listening addresses: 0.0.0.0:8082');
    expect(message).toMatch(
      /Processes:\n {2}1 \/bin\/sh -c while sleep.*\n(.*\n)* {2}\d+ perl -e use IO::Socket/,
    );
  });

  it('refuses what is not a container, and what is not a port', async () => {
    await expect(async () => expect('text').toListenOn(80)).rejects.toThrow('must be a container');
    await expect(async () => expect(box).toListenOn(0)).rejects.toThrow(
      'must be a whole number from 1 to 65535',
    );
    await expect(async () => expect(box).toListenOn(80, { time: 1 } as never)).rejects.toThrow(
      'time is not an option. The options are timeout',
    );
  });
});

describe('The table of sockets', () => {
  it('is read whatever the family, and only for those that listen', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue',
      '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000',
      '   1: 0100007F:1F91 0100007F:A0B2 01 00000000:00000000',
      '  sl  local_address                         remote_address                        st',
      '   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000',
      '   1: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000',
    ].join('\n');

    expect(parseListeners(table)).toEqual([
      { address: '127.0.0.1', port: 8080 },
      { address: '::', port: 80 },
      { address: '::1', port: 443 },
    ]);
  });
});

function fetchText(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port }, (response) => void text(response).then(resolve, reject)).on(
      'error',
      reject,
    );
  });
}
