import {
  formatChanges,
  withContainer,
  type Box,
  type Changes,
  type CommandResult,
  type IsolationReport,
} from '../src';
import { setUp } from '../tooling/machine/set-up';

/**
 * What belljar is for, in one go: the real installer of a real package runs in a fresh container, and the report says
 * what it printed, what it did to the machine, and that it stayed inside.
 */
async function main(): Promise<void> {
  const machine = await setUp();
  try {
    await withContainer(report);
  } finally {
    await machine.tearDown();
  }
}

async function report(box: Box): Promise<void> {
  heading(`A fresh container from ${box.image.reference}`);
  say(
    `${box.hostname} at ${box.ip || 'no address'}, ${box.image.layers.length} layer(s), id ${box.image.id.slice(0, 19)}`,
  );

  heading('The installer: apt-get install nginx-light');
  await box.$`apt-get update -q`;
  const install = box.$({ env: { DEBIAN_FRONTEND: 'noninteractive' } });
  const installed = await install`apt-get install -q -y --no-install-recommends nginx-light`;
  say(lastLines(installed, 8));
  say(`exit code ${installed.exitCode ?? '?'} after ${(installed.durationMs / 1000).toFixed(1)} s`);

  heading('What it did to the machine');
  const changes = await box.changes({ ignore: ['/var/cache/**', '/var/lib/apt/**', '/var/log/**'] });
  sayFirst(formatChanges(changes), 25);
  say(`\n${summary(changes)}, beside caches and logs`);

  heading('What it brought');
  say((await box.$`nginx -v`).stderr);
  say((await box.$`ls -l /etc/nginx/nginx.conf /usr/sbin/nginx`).stdout);

  heading('And it stayed inside');
  const isolation = await box.isolation();
  say(`isolated from the host: ${isolation.isolated ? 'yes' : 'no'} (${countChecks(isolation)})`);
  const image = await box.image.verify({ depth: 'content' });
  say(`image as it was: ${image.unchanged ? 'yes' : 'no'}`);
  for (const line of image.evidence) say(`  ${line}`);
}

function summary(changes: Changes): string {
  const kinds = ['added', 'modified', 'deleted', 'rewritten'] as const;
  const counts = kinds.map(
    (kind) => [changes.filter((change) => change.kind === kind).length, kind] as const,
  );
  return counts
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`)
    .join(', ');
}

function countChecks({ evidence }: IsolationReport): string {
  const named = (wanted: 'open' | 'unknown'): string =>
    evidence
      .filter(({ status }) => status === wanted)
      .map(({ check }) => check)
      .join(', ') || 'none';
  return `${evidence.length} checks; open: ${named('open')}; not looked at: ${named('unknown')}`;
}

function sayFirst(text: string, count: number): void {
  const lines = text.split('\n');
  say(lines.slice(0, count).join('\n'));
  if (lines.length > count) say(`… and ${lines.length - count} lines more`);
}

function heading(title: string): void {
  console.log(`\n${title}\n${'-'.repeat(title.length)}`);
}

function say(text: string): void {
  console.log(text);
}

function lastLines({ stdout }: CommandResult, count: number): string {
  return stdout
    .split('\n')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n');
}

main().catch((error: unknown) => {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
