import fc from 'fast-check';
import { screenToSvg, type Screen } from '../../src';
import { createEmulator } from '../../src/terminal/emulator';

/** What a terminal of 24 columns and 4 rows shows once a program has printed a text. */
async function screenOf(text: string): Promise<Screen> {
  const emulator = createEmulator({ columns: 24, rows: 4, scrollback: 0, onReply: () => undefined });
  await emulator.write(Buffer.from(text));
  return emulator.screen();
}

/** The elements of a picture, each a line, that have a text in them. */
function linesWith(picture: string, text: string): string[] {
  return picture.split('\n').filter((line) => line.includes(text));
}

const attribute = (number: number | string, text: string): string => `\u001b[${number}m${text}\u001b[0m`;

describe('A picture of a screen', () => {
  it('has colors, attributes, wide characters, the title and the cursor', async () => {
    const screen = await screenOf(
      [
        `\u001b]0;a & b\u0007${attribute('1;32', 'ok')} ${attribute(31, 'failed')} <tag>`,
        `${attribute(7, 'inverse')} ${attribute(4, 'under  line ')}`,
        `日本 ${attribute('38;5;208', 'orange')} ${attribute('48;2;0;0;128', 'blue')}`,
        '┌──┐',
      ].join('\r\n'),
    );

    expect(screenToSvg(screen)).toMatchSnapshot();
  });

  it('keeps each character in its column, whatever the font', async () => {
    const picture = screenToSvg(await screenOf('ab日cd'));

    expect(linesWith(picture, '>ab<')[0]).toContain('x="0" y="13" textLength="16.8"');
    expect(linesWith(picture, '>日<')[0]).toContain('x="16.8" y="13" textLength="16.8"');
    expect(linesWith(picture, '>cd<')[0]).toContain('x="33.6" y="13" textLength="16.8"');
  });

  it('has every color of the palette', async () => {
    const picture = screenToSvg(
      await screenOf(attribute('38;5;16', 'a') + attribute('38;5;231', 'b') + attribute('38;5;244', 'c')),
    );

    expect(linesWith(picture, '>a<')[0]).toContain('fill="#000000"');
    expect(linesWith(picture, '>b<')[0]).toContain('fill="#ffffff"');
    expect(linesWith(picture, '>c<')[0]).toContain('fill="#808080"');
  });

  it('shows nothing of what is hidden: an invisible text, a cursor that is switched off', async () => {
    const picture = screenToSvg(await screenOf(`\u001b[?25l${attribute(8, 'secret')}`));

    expect(picture).not.toContain('secret');
    expect(linesWith(picture, '<rect')).toHaveLength(1);
  });

  it('is an XML file with nothing in it but what was shown, whatever a program prints', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (title, text) => {
        const picture = screenToSvg({ ...(await screenOf(text)), title });

        const rest = picture.replaceAll(/<\/?(svg|title|g|rect|circle|text)\b[^<>]*>/g, '');
        expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)|[^\P{Cc}\n]|\p{Cs}|\p{Bidi_Control}/u);
      }),
      { numRuns: 100 },
    );
  });
});
