import fc from 'fast-check';
import { ImageReferenceError } from '../../src/image/errors';
import { isSameReference, parseReference } from '../../src/image/reference/reference';

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('an image reference', () => {
  it('has a registry, a port, a repository, a name, a tag and a digest', () => {
    const reference = parseReference(`registry.example:5000/team/tools/lint:1.2@${sha256}`);

    expect(reference).toMatchObject({
      registry: 'registry.example',
      port: 5000,
      repository: 'team/tools',
      name: 'lint',
      tag: '1.2',
      digest: sha256,
    });
  });

  it('is "latest" if it has neither tag nor digest', () => {
    expect(parseReference('ubuntu')).toMatchObject({ repository: '', name: 'ubuntu', tag: 'latest' });
    expect(parseReference(`ubuntu@${sha256}`).tag).toBeUndefined();
  });

  it.each([
    ['ubuntu', { name: 'ubuntu' }],
    ['alicek106/ubuntu', { repository: 'alicek106', name: 'ubuntu' }],
    ['localhost/ubuntu', { registry: 'localhost', repository: '', name: 'ubuntu' }],
    ['example.org/ubuntu', { registry: 'example.org', repository: '', name: 'ubuntu' }],
    ['machine:5000/a/b/c', { registry: 'machine', port: 5000, repository: 'a/b', name: 'c' }],
    ['Machine/ubuntu', { registry: 'Machine', name: 'ubuntu' }],
    ['[::1]:5000/ubuntu', { registry: '[::1]', port: 5000, name: 'ubuntu' }],
    ['localhost:5000', { name: 'localhost', tag: '5000' }],
  ])("has a registry only if Docker's rule sees one: %s", (text, parts) => {
    expect(parseReference(text)).toMatchObject(parts);
    expect(parseReference(text).registry).toBe('registry' in parts ? parts.registry : undefined);
  });

  it.each([
    ['docker.io/library/ubuntu:20.04', 'ubuntu:20.04'],
    ['index.docker.io/library/ubuntu', 'ubuntu:latest'],
    ['library/ubuntu', 'ubuntu:latest'],
    ['docker.io/alicek106/ubuntu:20.04', 'alicek106/ubuntu:20.04'],
    ['docker.io/localhost/tool', 'docker.io/localhost/tool:latest'],
    ['example.org/library/ubuntu', 'example.org/library/ubuntu:latest'],
    [`ubuntu:20.04@${sha256}`, `ubuntu:20.04@${sha256}`],
  ])('prints as Docker prints it: %s is %s', (text, printed) => {
    expect(String(parseReference(text))).toBe(printed);
  });

  it('has one form with nothing left out, which tells whether two texts name the same image', () => {
    expect(parseReference('ubuntu').canonical).toBe('docker.io/library/ubuntu:latest');
    expect(isSameReference('ubuntu:20.04', 'docker.io/library/ubuntu:20.04')).toBe(true);
    expect(isSameReference('ubuntu:20.04', 'alicek106/ubuntu:20.04')).toBe(false);
  });
});

describe('a string that is not an image reference', () => {
  it.each([
    ['REFERENCE_EMPTY', '', 'it is empty'],
    [
      'REFERENCE_WHITESPACE',
      ' ubuntu:20.04',
      'white space at its beginning or end. Did you mean "ubuntu:20.04"?',
    ],
    ['REFERENCE_WHITESPACE', 'ubuntu 20.04', 'white space inside it'],
    [
      'REFERENCE_WHITESPACE',
      'ubuntu:20.04\n',
      'white space at its beginning or end. Did you mean "ubuntu:20.04"?',
    ],
    [
      'REFERENCE_SCHEME',
      'https://example.org/a/b:1',
      '"https://" does not belong to it. Did you mean "example.org/a/b:1"?',
    ],
    ['REFERENCE_SCHEME', 'docker://ubuntu', '"docker://" does not belong to it. Did you mean "ubuntu"?'],
    ['REFERENCE_BACKSLASH', 'team\\tool', 'separated by "/". Did you mean "team/tool"?'],
    ['REFERENCE_IS_ID', sha256, "it is an image's id"],
    ['SLASH_LEADING', '/ubuntu:20.04', 'starts with a slash. Did you mean "ubuntu:20.04"?'],
    ['SLASH_TRAILING', 'team/', 'ends with a slash, where the name should be. Did you mean "team"?'],
    ['SLASH_DOUBLE', 'team//ubuntu', 'a part between two slashes is empty. Did you mean "team/ubuntu"?'],
    ['NAME_MISSING', ':20.04', 'no name before the tag'],
    ['NAME_MISSING', `@${sha256}`, 'no name before the tag or digest'],
    [
      'NAME_UPPER_CASE',
      'Ubuntu:20.04',
      'a name can\'t have upper-case letters. Did you mean "ubuntu:20.04"?',
    ],
    ['NAME_UPPER_CASE', 'team/Ubuntu', 'a name can\'t have upper-case letters. Did you mean "team/ubuntu"?'],
    ['NAME_CHARACTER', 'ubuntü:20.04', 'a name can\'t have "ü" in it'],
    ['NAME_CHARACTER', 'ubuntu$latest', 'a name can\'t have "$" in it'],
    ['NAME_SEPARATOR', '-ubuntu', 'must be between letters or digits'],
    ['NAME_SEPARATOR', 'my..tool', 'in "my..tool", each "."'],
    ['NAME_SEPARATOR', 'team/tool_.x', 'Did you mean "team/tool_x"?'],
    ['REGISTRY_HOST', '../ubuntu', '".." is in the place of the registry'],
    ['NAME_TOO_LONG', 'a'.repeat(300), 'have 318 characters together; 255 are allowed'],
    ['NAME_IS_ID', 'a'.repeat(64), "can't be told from an image's id"],
    [
      'REGISTRY_HOST',
      'example..org/ubuntu',
      '"example..org" is in the place of the registry, but is not a host name',
    ],
    ['REGISTRY_PORT', 'ubuntu:20.04/team', '"20.04" is not a port'],
    ['REGISTRY_PORT', 'localhost:/ubuntu', '"" is not a port'],
    ['REGISTRY_PORT_RANGE', 'localhost:70000/ubuntu', 'ports are the numbers 1 to 65535'],
    ['REGISTRY_PORT_RANGE', 'localhost:0/ubuntu', 'port is 0'],
    ['TAG_EMPTY', 'ubuntu:', 'a colon and no tag after it. Did you mean "ubuntu"?'],
    ['TAG_DOUBLE', 'ubuntu:20.04:latest', 'more than one colon after the name'],
    ['TAG_DOUBLE', `ubuntu:${sha256}`, `Did you mean "ubuntu@${sha256}"?`],
    [
      'TAG_BEFORE_SLASH',
      'ubuntu:20.04/',
      'a slash follows the tag, which must come last. Did you mean "ubuntu:20.04"?',
    ],
    ['TAG_CHARACTER', 'ubuntu:20+04', 'the tag "20+04" is not made of'],
    ['TAG_CHARACTER', 'ubuntu:-20.04', 'Did you mean "ubuntu:20.04"?'],
    ['TAG_TOO_LONG', `ubuntu:${'1'.repeat(129)}`, 'the tag has 129 characters; 128 are allowed'],
    ['COLON_DOUBLE', 'ubuntu::20.04', 'two colons in a row. Did you mean "ubuntu:20.04"?'],
    ['DIGEST_EMPTY', 'ubuntu@', 'there is "@" and no digest after it'],
    ['DIGEST_DOUBLE', `ubuntu@${sha256}@${sha256}`, 'more than one "@"'],
    ['DIGEST_ALGORITHM', `ubuntu@md5:${'a'.repeat(32)}`, 'known are sha256, sha384, sha512'],
    ['DIGEST_ALGORITHM', 'ubuntu@20.04', 'must start with its algorithm and a colon'],
    ['DIGEST_LENGTH', 'ubuntu@sha256:abc', 'has 64 hexadecimal digits; this one has 3'],
    ['DIGEST_CHARACTER', `ubuntu@sha256:${'g'.repeat(64)}`, 'something other than 0-9 and a-f'],
  ])('is told apart as %s: %j', (code, text, message) => {
    const error = refusal(text);

    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('is anything but a string', () => {
    expect(refusal(undefined as unknown as string)).toMatchObject({ code: 'REFERENCE_NOT_TEXT' });
    expect(refusal({ image: 'ubuntu' } as unknown as string)).toMatchObject({ code: 'REFERENCE_NOT_TEXT' });
  });

  it('is shown without the control characters in it', () => {
    expect(refusal('ubuntu\u001b[31m').message).not.toContain('\u001b');
  });
});

describe('whatever the text', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const component = fc
    .tuple(word, fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '---'), word), { maxLength: 2 }))
    .map(([first, rest]) => first + rest.flat().join(''));
  const host = fc.constantFrom(
    'localhost',
    'example.org',
    'Machine',
    '127.0.0.1',
    '[::1]',
    'docker.io',
    'a-b.example',
  );
  const registry = fc.tuple(host, fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }));
  const tag = fc.stringMatching(/^\w[\w.-]{0,127}$/);
  const digest = fc.constantFrom(sha256, `sha512:${'ab'.repeat(64)}`);
  const none = { nil: undefined };
  const reference = fc
    .record({
      registry: fc.option(registry, none),
      path: fc.array(component, { minLength: 1, maxLength: 4 }),
      tag: fc.option(tag, none),
      digest: fc.option(digest, none),
    })
    .filter(({ registry, path }) => registry !== undefined || path.length === 1 || !path[0]?.includes('.'));

  it('prints to what it was parsed from, and parses to what it was printed from', () => {
    fc.assert(
      fc.property(reference, (parts) => {
        const [host, port] = parts.registry ?? [];
        const location = host === undefined ? '' : `${host}${port === undefined ? '' : `:${port}`}/`;
        const version = `${parts.tag ? `:${parts.tag}` : ''}${parts.digest ? `@${parts.digest}` : ''}`;
        const parsed = parseReference(`${location}${parts.path.join('/')}${version}`);

        const again = parseReference(parsed.familiar);

        expect({ ...again, toString: null }).toEqual({ ...parsed, toString: null });
        expect(parseReference(parsed.canonical).familiar).toBe(parsed.familiar);
        expect(parsed.tag).toBe(parts.tag ?? (parts.digest ? undefined : 'latest'));
        if (host !== 'docker.io' || port !== undefined) {
          expect(parsed.familiar).toContain(
            `${location}${parts.path.join('/')}`.replace(/^library\/(?=[^/]+$)/, ''),
          );
        }
      }),
    );
  });

  it('is taken if the grammar says so, refused if not, and every suggestion is a reference', () => {
    // The distribution project's grammar as one expression, beside the parser that is tested.
    const name = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
    const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
    const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
    const version =
      '(?::\\w[\\w.-]{0,127})?(?:@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?';
    const isName = new RegExp(`^(?:${domain}/)?${name}(?:/${name})*${version}$`);
    const pieces = fc.constantFrom(
      'a',
      'ubuntu',
      'A',
      '/',
      ':',
      '@',
      '.',
      '-',
      '_',
      ' ',
      '5000',
      'localhost',
      sha256,
      '[',
      ']',
      '://',
      'ü',
      '\u0000',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 7 }).map((all) => all.join('')),
      fc.string(),
    );

    // Where belljar refuses what the grammar alone allows: ids, ports that are none, and registries with no host name.
    const stricter = [
      'REFERENCE_IS_ID',
      'NAME_IS_ID',
      'NAME_TOO_LONG',
      'REGISTRY_PORT_RANGE',
      'REGISTRY_HOST',
    ];

    fc.assert(
      fc.property(text, (candidate) => {
        const error = refusalOf(candidate);
        if (!isName.test(candidate)) expect(error).toBeInstanceOf(ImageReferenceError);
        else if (error !== undefined) expect(stricter).toContain(error.code);
        if (error?.suggestion !== undefined) expect(refusalOf(error.suggestion)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });
});

function refusalOf(text: string): ImageReferenceError | undefined {
  try {
    parseReference(text);
    return undefined;
  } catch (error) {
    if (error instanceof ImageReferenceError) return error;
    throw error;
  }
}

function refusal(text: string): ImageReferenceError {
  const error = refusalOf(text);
  if (error === undefined) throw new Error(`${text} was taken for a reference`);
  return error;
}
