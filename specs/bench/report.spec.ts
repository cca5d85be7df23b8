import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../bench/options';
import { writeResults } from '../../bench/report';
import { failedRow, toRow } from '../../bench/row';

const machine = {
  date: '2026-01-02 03:04 UTC',
  cores: '2 (a processor)',
  memory: '8.0 GiB',
  kernel: '6.1',
  node: 'v20',
  engine: '20.10',
  image: 'an image',
  loadBefore: '0.01',
};

const row = (value: number) =>
  toRow({
    name: 'one command',
    unit: 'ms',
    samples: { belljar: [value], testcontainers: [50, 60, 70] },
    comparison: { of: 'testcontainers/belljar', atLeast: 30 },
    note: 'a note',
  });

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belljar-report-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('the results file', () => {
  it('has each row with its spread, its target and whether that was reached', () => {
    const file = join(directory, 'RESULTS.md');

    writeResults(file, machine, [row(1.5)], 90);

    const text = readFileSync(file, 'utf8');
    expect(text).toContain(
      '| one command | ms | 1.5 (once) | 60 (51–69, 3) |  | 40 (testcontainers/belljar) | testcontainers/belljar at least 30 | yes |',
    );
    expect(text).toContain('- one command: a note');
    expect(text).toContain('| cores | 2 (a processor) |');
  });

  it('keeps what people wrote below the line, and replaces what is above it', () => {
    const file = join(directory, 'RESULTS.md');
    writeResults(file, machine, [row(1.5)], 90);
    appendFileSync(file, 'The engine takes most of it.\n');

    writeResults(file, machine, [row(3)], 90);

    const text = readFileSync(file, 'utf8');
    expect(text).toContain('The engine takes most of it.\n');
    expect(text).toContain('| 20 (testcontainers/belljar) |');
    expect(text).not.toContain('1.5 (once)');
  });

  it('says why a row has no numbers', () => {
    const file = join(directory, 'RESULTS.md');

    writeResults(file, machine, [failedRow('c: a file', new Error('no\nsuch | file'))], 90);

    expect(readFileSync(file, 'utf8')).toContain('| c: a file | | failed: no such \\| file |');
  });
});

describe('the options of the benchmark', () => {
  it('write results only when everything is measured in full', () => {
    expect(parseOptions([], 'RESULTS.md').results).toBe('RESULTS.md');
    expect(parseOptions(['--quick'], 'RESULTS.md').results).toBeUndefined();
    expect(parseOptions(['--only', 'a,b'], 'RESULTS.md')).toMatchObject({
      only: ['a', 'b'],
      results: undefined,
    });
  });

  it('refuse a row that is not there', () => {
    expect(() => parseOptions(['--only', 'z'], 'RESULTS.md')).toThrow(
      'There is no row "z"; there are a, b, c',
    );
  });
});
