/**
 * A web server in a few lines of what the base image has: perl.
 *
 * @param port the port on which it listens
 * @param answer perl that has the request's first line in `$_`, the number of the request in `$n`, and prints the
 * answer
 * @param delay how long it takes to start, in seconds
 * @returns the program and its arguments, for `spawn`
 */
export function server(port: number, answer: string, delay = 0): [file: string, args: string[]] {
  const script = [
    'use IO::Socket::INET;',
    `select(undef, undef, undef, ${delay});`,
    `$server = IO::Socket::INET->new(LocalPort => ${port}, Listen => 5, ReuseAddr => 1) or die $!;`,
    `while ($client = $server->accept) { $n++; $_ = <$client>; select $client; ${answer}; close $client }`,
  ];
  return ['perl', ['-e', script.join(' ')]];
}

/** Perl that prints a whole answer of HTTP. */
export function answer(status: string, body: string): string {
  return String.raw`print "HTTP/1.0 ${status}\r\n\r\n${body}"`;
}
