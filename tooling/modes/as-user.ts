import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { connectEngine } from '../../src/engine/connect/connection';
import { socketPathOf } from '../../src/engine/connect/endpoint';
import { setUp, type Machine } from '../machine/set-up';
import { startMode, type Mode } from './mode';

const repository = resolve(__dirname, '../..');

/** The user and the group that Debian has for programs without rights (base-passwd). */
const user = { name: 'nobody', uid: 65534, gid: 65534 };

/**
 * A laptop's account: no root, but in the group that may use the engine. The specs run in a copy of this checkout,
 * which belongs to that user, because they build the package and write caches.
 */
export const asUser: Mode = {
  about: `the user ${user.name}, in the group that may use the engine`,
  start: (say) =>
    startMode(async (steps) => {
      const machine = await setUp();
      steps.finally(() => machine.tearDown());
      const { endpoint } = await connectEngine();
      const group = groupOfSocket(socketPathOf(endpoint.host), machine);
      say(`copying the checkout for the user ${user.name}`);
      const directory = mkdtempSync(join(tmpdir(), 'belljar-as-user-'));
      steps.finally(() => rm(directory, { recursive: true, force: true }));
      const checkout = await copyCheckout(directory);
      const path = [join(checkout, 'node_modules/.bin'), process.env.PATH].join(':');
      return {
        prefix: [
          'setpriv',
          `--reuid=${user.uid}`,
          `--regid=${user.gid}`,
          `--groups=${group}`,
          '--inh-caps=-all',
        ],
        cwd: checkout,
        env: { HOME: join(directory, 'home'), USER: user.name, LOGNAME: user.name, PATH: path },
      };
    }),
};

/**
 * Returns the group that may use the engine. An engine that belongs to this run gets one; the machine's own is left as
 * it is.
 */
function groupOfSocket(socket: string | undefined, { ownsEngine }: Machine): number {
  if (socket === undefined) throw new Error('This mode needs an engine with a socket on this machine.');
  if (ownsEngine) {
    chownSync(socket, 0, user.gid);
    chmodSync(socket, 0o660);
  }
  const { gid, mode } = statSync(socket);
  if ((mode & 0o060) !== 0o060 || gid === 0)
    throw new Error(`No group may use the engine at ${socket}: it needs one, such as "docker".`);
  return gid;
}

/** Copies the files that git would commit, and the installed packages. */
async function copyCheckout(directory: string): Promise<string> {
  const checkout = join(directory, 'checkout');
  mkdirSync(join(directory, 'home'));
  mkdirSync(checkout);
  const listed = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
  });
  for (const file of listed.stdout.split('\0').filter((name) => existsSync(join(repository, name))))
    if (file !== '') cpSync(join(repository, file), join(checkout, file), { verbatimSymlinks: true });
  await execa('cp', ['-a', join(repository, 'node_modules'), checkout]);
  await execa('chown', ['-R', '-h', `${user.uid}:${user.gid}`, directory]);
  return checkout;
}
