import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOf, repository, unpackInto, type Scratch } from '../../tooling/package/scratch';

/** Each test runs a whole Jest, a compiler or npm: seconds by themselves, more beside other specs. */
jest.setTimeout(180_000);

let directory: string;
let scratch: Scratch;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'belljar-package-'));
  scratch = await unpackInto(directory);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('the package', () => {
  it('has the library, its types, its readme and licenses, and nothing else', () => {
    const expected = [
      /^(package\.json|LICENSE|README\.md)$/,
      /^dist\/third-party-licenses\.txt$/,
      /^dist\/(belljar|index|cli|reaper|jest\/(index|load|preset|environment|global-setup|global-teardown))\.js$/,
      /^dist\/(index|jest\/index)\.mjs$/,
      /^dist\/types\/[a-z/-]+\.d\.m?ts$/,
    ];

    const surplus = scratch.files.filter((file) => !expected.some((pattern) => pattern.test(file)));

    expect(surplus).toEqual([]);
    expect(scratch.files).toEqual(expect.arrayContaining(['LICENSE', 'dist/third-party-licenses.txt']));
  });

  it('tells nothing about the machine that it was built on', () => {
    const telling = scratch.files.filter((file) => {
      const text = readFileSync(join(scratch.package, file), 'utf8');
      return text.includes(`${repository}/`) || text.includes('sourceMappingURL');
    });

    expect(telling).toEqual([]);
  });

  it('has every file that its package.json names, of the kind that it says', async () => {
    const publint = programOf('publint', 'src/cli.js');

    const { exitCode, all } = await scratch.node('.', [publint, scratch.package, '--strict', '--pack=false']);

    expect(all).toContain('All good!');
    expect(exitCode).toBe(0);
  });

  it('has the program belljar', async () => {
    const { stdout, exitCode } = await scratch.node('.', [join(scratch.package, 'dist/cli.js'), '--help']);

    expect(stdout).toContain('Usage: belljar COMMAND');
    expect(exitCode).toBe(0);
  });
});

describe('a JavaScript project that has the preset and nothing else', () => {
  it('runs its first spec, and says on which engine and image', async () => {
    const { exitCode, all } = await scratch.jest('javascript', ['first']);

    expect(all).toMatch(/^belljar: (Docker|Podman) \d+\.\d+\S* at \w+:\/\/\S+, image \S+/m);
    expect(all).toContain('Tests:       2 passed, 2 total');
    expect(exitCode).toBe(0);
  });

  it('sees why a spec fails: the command, what was expected, what it did and what it printed', async () => {
    const { exitCode, all } = await scratch.jest('javascript', ['failing']);

    expect(linesOf(all)).toEqual(
      expect.arrayContaining([
        'expect(received).toSucceed()',
        expect.stringMatching(/^Command: .*exit 3/),
        'Expected: exit code 0',
        'Received: exit code 3',
        'cannot go on',
        'CommandError: Command failed with exit code 1: cat /no/such/file',
        'cat: /no/such/file: No such file or directory',
        expect.stringMatching(/^> \d+ \| {3}await box\.\$`cat/),
      ]),
    );
    expect(all).toContain('Tests:       2 failed, 2 total');
    expect(exitCode).toBe(1);
  });

  it('fails a test file for the container that it leaves in the engine, which is removed', async () => {
    const { exitCode, all } = await scratch.jest('javascript', ['leaving.spec']);

    expect(all).toMatch(
      /These leaks were still in the engine when the test file was over.*\n +container \S+ \([0-9a-f]{12}\)/,
    );
    expect(all).toContain('Test Suites: 1 failed, 1 total');
    expect(exitCode).toBe(1);
  });

  it('fails its run for what is left when all tests are over, which is removed', async () => {
    const { exitCode, all } = await scratch.jest('javascript', ['leaving-unseen']);

    expect(all).toContain('Tests:       1 passed, 1 total');
    expect(all).toContain(
      'belljar: These leaks were still in the engine when the tests were over. belljar has removed them:',
    );
    expect(linesOf(all)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^container \S+ \([0-9a-f]{12}\)$/),
        expect.stringMatching(/^network belljar-\S+-forgotten \([0-9a-f]{12}\)$/),
      ]),
    );
    expect(exitCode).toBe(1);
  });

  it('is told in a sentence, not a stack, when there is no engine', async () => {
    const { exitCode, all } = await scratch.jest('javascript', ['first'], {
      DOCKER_HOST: 'unix:///no/such.sock',
    });

    expect(all).toContain('belljar: The engine at unix:///no/such.sock');
    expect(all).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(1);
  });
});

describe('a TypeScript project with ts-jest', () => {
  it('compiles with the types of the matchers and runs its first spec', async () => {
    const { exitCode, all } = await scratch.jest('typescript', []);

    expect(all).toContain('Tests:       3 passed, 3 total');
    expect(exitCode).toBe(0);
  });
});

describe('an ES module in plain Node.js', () => {
  it('imports by name what require gives, one copy of it, and starts a container', async () => {
    const { exitCode, stdout } = await scratch.node('node', ['use.mjs']);

    expect(JSON.parse(stdout)).toEqual({ stdout: 'hello, world', oneCopy: true });
    expect(exitCode).toBe(0);
  });
});

describe('the types', () => {
  it('fit the modules of Node.js, a bundler, and the resolution before package.json had "exports"', async () => {
    const projects = ['nodenext', 'bundler', 'node10'];

    const compiled = await Promise.all(
      projects.map((name) =>
        scratch.node('types', [programOf('typescript', 'bin/tsc'), '-p', `tsconfig.${name}.json`]),
      ),
    );

    expect(compiled.map(({ all }) => all)).toEqual(projects.map(() => ''));
    expect(compiled.map(({ exitCode }) => exitCode)).toEqual(projects.map(() => 0));
  });

  it('can all be imported by the names that the API report has', async () => {
    const names = reportedNames();
    const types = join(directory, 'types');
    writeFileSync(join(types, 'names.ts'), `export type { ${names.join(', ')} } from 'belljar';\n`);
    const projects = ['nodenext', 'bundler', 'node10'].map((name) => {
      const project = `tsconfig.names.${name}.json`;
      const config = { extends: `./tsconfig.${name}.json`, files: ['names.ts'] };
      writeFileSync(join(types, project), JSON.stringify(config));
      return project;
    });

    const compiled = await Promise.all(
      projects.map((project) => scratch.node('types', [programOf('typescript', 'bin/tsc'), '-p', project])),
    );

    expect(names).toEqual(expect.arrayContaining(['Box', 'Engine', 'ExtractReport', 'PollTimeoutError']));
    expect(compiled.map(({ all }) => all)).toEqual(projects.map(() => ''));
    expect(compiled.map(({ exitCode }) => exitCode)).toEqual(projects.map(() => 0));
  });
});

/** What `npm run check` holds the exports of the sources against. */
function reportedNames(): string[] {
  const report = readFileSync(join(repository, 'etc/belljar.api.md'), 'utf8');
  const exported = /^export (?:abstract )?(?:class|interface|type|const|function) (\w+)/gm;
  return [...new Set([...report.matchAll(exported)].map(([, name = '']) => name))];
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}
