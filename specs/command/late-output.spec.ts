import { startContainer } from '../../src';
import { chooseTransport } from '../../src/command/choose-transport';
import { createCommands } from '../../src/command/commands';
import { createCommandLog } from '../../src/command/log';
import { formatCommandLog } from '../../src/report/format-command-log';
import { poll } from '../../src/support/poll';
import { redactorOf } from '../../src/support/secrets/redact';

describe('What a background process prints after its command has ended', () => {
  it('is in the report, on both streams, without secrets, and not in the result', async () => {
    await using box = await startContainer({ env: { THE_TOKEN: 'hush-hush' } });
    const log = createCommandLog(redactorOf(box));
    const commands = createCommands(box, chooseTransport(box), log);
    const report = (): string => formatCommandLog(log, redactorOf(box)).join('\n');

    const { all } = await commands.sh({
      via: 'shell',
    })`(sleep 0.3; echo no such table >&2; echo $THE_TOKEN) & echo started`;

    expect(all).toBe('started');
    // The engine may send the two streams in either order.
    const late =
      /stdout: started\n +printed after its end: (no such table\n +\[redacted\]|\[redacted\]\n +no such table)$/;
    await poll(() => Promise.resolve(late.test(report())), { for: 'the output', timeout: 5000 });
    await expect(box.$`echo on`).toPrint('on');
  });

  it('is bounded', async () => {
    await using box = await startContainer({ env: { THE_TOKEN: 'hush-hush' } });
    const log = createCommandLog(redactorOf(box));
    const commands = createCommands(box, chooseTransport(box), log);

    await commands.sh({ via: 'shell' })`(sleep 0.2; exec yes) & true`;

    await poll(() => Promise.resolve(log.records[0]?.lateOutput.length === 8000), {
      for: 'it',
      timeout: 5000,
    });
  });
});
