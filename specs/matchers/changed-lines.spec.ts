import { useContainer } from '../../src';
import { failureOf } from '../../tooling/spec-helpers/failure-of';

describe('A matcher of changes that fails', () => {
  const box = useContainer({ network: 'none' });

  beforeEach(() => box.sh`echo 'export TOOL=1' >>/etc/profile; sed -i 1d /etc/issue; date >/opt/new`);

  const added =
    /~ \S+ root {5}root .* \/etc\/profile {2}#\w+ {2}\(was .*\)\n {4}@@ .* @@\n(?: {5}.*\n)+ {4}\+export TOOL=1\n/;

  it('shows the lines that changed: toBeUnchanged', async () => {
    const message = await failureOf(expect(box).toBeUnchanged());

    expect(`${message}\n`).toMatch(added);
    expect(message).toMatch(/\/etc\/issue .*\n {4}@@ -1,?\d* \+[\d,]+ @@\n {4}-.*/);
  });

  it('shows the lines that changed: toHaveChangedOnly', async () => {
    const message = await failureOf(expect(box).toHaveChangedOnly(['/opt/**']));

    expect(`${message}\n`).toMatch(added);
  });

  it('shows the lines that changed: toHaveChanged', async () => {
    const message = await failureOf(expect(box).toHaveChanged('/etc/profile', { mode: 0o600 }));

    expect(`${message}\n`).toMatch(added);
  });

  it('shows the lines that changed, of a list of changes', async () => {
    const changes = await box.changesDuring(() => box.sh`echo 'umask 077' >>/etc/bash.bashrc`);

    const message = await failureOf(expect(changes).toHaveChangedOnly([]));

    expect(message).toContain('\n    +umask 077');
  });

  it('shows a bounded part of a long change', async () => {
    await box.sh`seq 1000 >>/etc/profile; printf %2000s x >>/etc/issue`;

    const message = await failureOf(expect(box).toBeUnchanged());

    expect(message).toMatch(/\n {4}… and 9\d\d more lines\n/);
    expect(Math.max(...message.split('\n').map((line) => line.length))).toBeLessThan(300);
  });

  it('shows the changes without lines if the container is gone', async () => {
    const changes = await box.changes();
    await box.remove();

    expect(await failureOf(expect(changes).toHaveChangedOnly([]))).toMatch(/~ .* \/etc\/profile .*was size/);
  });

  it('reads no text if it passes', async () => {
    await expect(box).toHaveChangedOnly(['/etc/profile', '/etc/issue', '/opt/new']);
    await expect(box).not.toBeUnchanged();
  });
});
