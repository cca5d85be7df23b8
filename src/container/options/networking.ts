import { isIP } from 'node:net';
import { InvalidOptionError } from '../../support/errors';
import { checkOptions, type OptionCheck, type OptionChecks } from '../../support/options/check-options';
import { eachOf, entriesOf, isWholeNumber, must, oneOf } from '../../support/options/option-checks';
import type { ContainerPort } from '../started-container';

/** A container's port, and the port of the engine's host that leads to it. */
export interface PortBinding {
  /** The port in the container. */
  container: number;
  /** The port of the engine's host. Only one container at a time can have it. */
  host: number;
  /** Default `tcp`. */
  protocol?: 'tcp' | 'udp';
}

/** Options of a container's connections. */
export interface NetworkOptions {
  /**
   * Container ports to publish on free ports of the engine's host; `box.port(80)` returns the port there. `80` is a
   * port of TCP, `'53/udp'` of UDP, and `{ container: 80, host: 8080 }` chooses the port of the host. Default: none.
   */
  ports?: readonly (ContainerPort | PortBinding)[];
  /** Names under which the other containers of its network find the container, beside its host name. Default: none. */
  aliases?: readonly string[];
  /**
   * Addresses for host names, in the container's `/etc/hosts`. The address `host-gateway` is the engine's host:
   * `{ 'host.docker.internal': 'host-gateway' }`. Default: none.
   */
  extraHosts?: Readonly<Record<string, string>>;
  /** Addresses of name servers. Default: the engine's. */
  dns?: readonly string[];
}

const port = must('must be a whole number from 1 to 65535', (value) => isWholeNumber(value, 1, 65_535));

const bindingChecks = {
  container: port,
  host: port,
  protocol: oneOf(['tcp', 'udp']),
} satisfies OptionChecks<PortBinding>;

const portOrBinding: OptionCheck = (name, value) => {
  if (typeof value === 'object' && value !== null) {
    checkOptions(value, bindingChecks, name);
    const { container, host } = value as Partial<PortBinding>;
    port(`${name}: container`, container);
    port(`${name}: host`, host);
    return;
  }
  const [, number] = typeof value === 'string' ? (/^(\d+)\/(tcp|udp)$/.exec(value) ?? []) : [];
  if (!isWholeNumber(number === undefined ? value : Number(number), 1, 65_535))
    throw new InvalidOptionError(
      name,
      "must be whole numbers from 1 to 65535, with a protocol as in '53/udp', or { container, host }",
      value,
    );
};

const hostName = must(
  'must have names of letters, digits, dots, dashes and underscores',
  (value) => typeof value === 'string' && /^[a-zA-Z0-9_][\w.-]*$/.test(value),
);

export const networkChecks = {
  ports: eachOf('must be a list of ports', portOrBinding),
  aliases: eachOf('must be a list of names', hostName),
  extraHosts: (option, value) => {
    for (const [name, address] of entriesOf(option, value)) {
      hostName(option, name);
      if (address !== 'host-gateway' && (typeof address !== 'string' || isIP(address) === 0))
        throw new InvalidOptionError(
          `${option}: ${name}`,
          "must be an IP address or 'host-gateway'",
          address,
        );
    }
  },
  dns: eachOf(
    'must be a list of IP addresses',
    must('must be a list of IP addresses', (value) => typeof value === 'string' && isIP(value) !== 0),
  ),
} satisfies OptionChecks<NetworkOptions>;

/** Returns whether a port of the host is chosen, which only one container at a time can have. */
export function hasFixedPort({ ports = [] }: NetworkOptions): boolean {
  return ports.some((one) => typeof one === 'object');
}
