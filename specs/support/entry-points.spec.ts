import {
  attach,
  engine,
  host,
  Image,
  startContainer,
  startContainers,
  useContainer,
  withContainer,
} from '../../src';
import { useContainersWith } from '../../src/runner/use-containers';
import { useContainerWith } from '../../src/runner/use-container';
import { useNetworkWith } from '../../src/runner/use-network';
import { checkIsolationFrom } from '../../src/isolation/from-container';
import { checkIsolationFromHost } from '../../src/isolation/from-host';

/** As `never`, it is each function's kind of options. */
const mistyped = { tiemout: 1 } as never;

describe('An option that belljar does not know', () => {
  const box = useContainer({ scope: 'file' });

  it.each<[string, () => unknown]>([
    ['startContainer()', () => startContainer(mistyped)],
    ['startContainer() with an image', () => startContainer('ubuntu:20.04', mistyped)],
    ['withContainer()', () => withContainer(() => undefined, mistyped)],
    ['startContainers()', () => startContainers({}, mistyped)],
    ['one of startContainers()', () => startContainers({ leader: mistyped })],
    ['attach()', () => attach(box.id, mistyped)],
    ['useContainer()', () => useContainerWith(noHooks, mistyped)],
    ['useContainers()', () => useContainersWith(noHooks, {}, mistyped)],
    ['one of useContainers()', () => useContainersWith(noHooks, { leader: mistyped }, {})],
    ['useNetwork()', () => useNetworkWith(noHooks, mistyped)],
    ['a file to copy', () => startContainer({ files: [mistyped] })],
    ['a volume', () => startContainer({ volumes: [mistyped] })],
    ['a bind mount', () => startContainer({ binds: [mistyped] })],
    ['a device', () => startContainer({ devices: [mistyped] })],
    ['a limit', () => startContainer({ ulimits: { nofile: mistyped } })],
    ['a port', () => startContainer({ ports: [mistyped] })],
    ['a health check', () => startContainer({ healthCheck: mistyped })],
    ['box.run()', () => box.run('true', mistyped)],
    ['box.$', () => box.$(mistyped)`true`],
    ['box.sh', () => box.sh(mistyped)`true`],
    ['box.spawn()', () => box.spawn('true', mistyped)],
    ['waitForOutput()', async () => (await box.spawn('true')).waitForOutput('x', mistyped)],
    ['box.terminal()', () => box.terminal(mistyped)],
    ['terminal.waitFor()', async () => (await box.terminal()).waitFor('x', mistyped)],
    ['terminal.waitForPrompt()', async () => (await box.terminal()).waitForPrompt(mistyped)],
    ['terminal.waitForIdle()', async () => (await box.terminal()).waitForIdle(mistyped)],
    ['terminal.waitForExit()', async () => (await box.terminal()).waitForExit(mistyped)],
    ['box.waitForPort()', () => box.waitForPort(80, mistyped)],
    ['box.waitForLog()', () => box.waitForLog('x', mistyped)],
    ['TLS of box.waitForHttp()', () => box.waitForHttp(80, { tls: mistyped })],
    ['box.waitForHttp()', () => box.waitForHttp(80, mistyped)],
    ['box.waitForHealthy()', () => box.waitForHealthy(mistyped)],
    ['box.waitForCommand()', () => box.waitForCommand('true', [], mistyped)],
    ['files.read()', () => box.files.read('/etc/passwd', mistyped)],
    ['files.write()', () => box.files.write('/tmp/x', '', mistyped)],
    ['files.append()', () => box.files.append('/tmp/x', '', mistyped)],
    ['files.stat()', () => box.files.stat('/etc/passwd', mistyped)],
    ['files.mkdir()', () => box.files.mkdir('/tmp/x', mistyped)],
    ['files.remove()', () => box.files.remove('/tmp/x', mistyped)],
    ['files.copyIn()', () => box.files.copyIn(__filename, '/tmp/x', mistyped)],
    ['files.copyOut()', () => box.files.copyOut('/etc/passwd', '/tmp/no/such/place', mistyped)],
    ['box.changes()', () => box.changes(mistyped)],
    ['box.changesDuring()', () => box.changesDuring(() => undefined, mistyped)],
    ['box.stop()', () => box.stop(mistyped)],
    ['box.isolation()', () => box.isolation(mistyped)],
    ['box.isolation() from another', () => box.isolation(box, mistyped)],
    ['image.verify()', () => box.image.verify(mistyped)],
    ['image.derive()', () => box.image.derive(() => undefined, mistyped)],
    ['Image.resolve()', () => Image.resolve('ubuntu:20.04', mistyped)],
    ['Image.build()', () => Image.build(__dirname, mistyped)],
    ['engine.startPrivate()', () => engine.startPrivate(mistyped)],
    ['host.files.fingerprint()', () => host.files.fingerprint(__filename, mistyped)],
    ['host.snapshot()', () => host.snapshot(__filename, mistyped)],
    ['host.watch()', () => host.watch(__filename, mistyped)],
    ['toBeIsolatedFromHost()', () => checkIsolationFromHost(box, mistyped)],
    ['toBeIsolatedFrom()', () => checkIsolationFrom(box, box, mistyped)],
    ['toHaveFile()', () => expect(box).toHaveFile('/etc/passwd', mistyped)],
    ['toHaveDirectory()', () => expect(box).toHaveDirectory('/etc', mistyped)],
    ['toHaveSymlink()', () => expect(box).toHaveSymlink('/bin', mistyped)],
    ['toHaveChanged()', () => expect(box).toHaveChanged('/tmp/x', mistyped)],
    ['toHaveChangedOnly()', () => expect(box).toHaveChangedOnly([], mistyped)],
    ['toBeUnchanged() of a container', () => expect(box).toBeUnchanged(mistyped)],
    ['toBeUnchanged() of an image', () => expect(box.image).toBeUnchanged(mistyped)],
    ['toBeUnchanged() of the host', () => expect(host).toBeUnchanged(mistyped)],
    ['toListenOn()', () => expect(box).toListenOn(80, mistyped)],
    ['toShow()', async () => expect(await box.terminal()).toShow('x', mistyped)],
  ])('is refused by name: %s', async (_, act) => {
    await expect(Promise.resolve().then(act)).rejects.toThrow(/(^|: )tiemout is not an option\./);
  });
});

/** Hooks that nothing is ever called of: the options are refused before. */
const noHooks = {
  beforeAll: () => undefined,
  beforeEach: () => undefined,
  afterEach: () => undefined,
  afterAll: () => undefined,
};
