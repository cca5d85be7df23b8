import { withContainer, type Box, type CommandResult } from '../src';
import { messageOf } from '../src/support/errors';
import { setUp } from '../scripts/set-up';

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
  console.error(`\n${messageOf(error)}`);
  process.exitCode = 1;
});
