import { useContainer, type Terminal } from '../../src';
import { imageWith } from '../../tooling/images/image-with';

/** The first test on a machine may have to install it. */
jest.setTimeout(180_000);

describe('PostgreSQL, as Debian packages it', () => {
  const box = useContainer({ scope: 'file', image: imageWith('postgresql') });
  let version: string;

  beforeAll(async () => {
    version = (await box.$`ls /usr/lib/postgresql`).stdout;
    await box.$`pg_ctlcluster ${version} main start`;
    await box.waitForCommand('pg_isready', [], { timeout: 20_000 });
  });

  /** psql as a person would start it. */
  async function psql(): Promise<Terminal> {
    const env = { PSQL_HISTORY: '/tmp/psql-history', PAGER: 'cat' };
    const command = ['psql'];
    const terminal = await box.terminal({ command, env, user: 'postgres', cwd: '/tmp', columns: 120 });
    await terminal.waitForPrompt();
    return terminal;
  }

  it('listens on its port, and greets who types psql', async () => {
    await using terminal = await psql();

    await box.waitForPort(5432);
    await expect(terminal).toShow(/^psql \(\d+\.\d+ .*\)\nType "help" for help\.\n\npostgres=# $/m);
  });

  it('lists its databases', async () => {
    await using terminal = await psql();

    await terminal.type('\\l\n');

    await expect(terminal).toShow(/List of databases\n +Name +\| +Owner +\|/);
    await expect(terminal).toShow(/^ template1 +\| postgres +\|/m);
    await terminal.waitForPrompt();
  });

  it('takes statements of several lines, remembers them, and says what is wrong with one', async () => {
    await using terminal = await psql();
    await terminal.type('create table jars (\nname text,\nlitres int);\n');
    await expect(terminal).toShow(
      /^postgres=# create table jars \(\npostgres\(# name text,\npostgres\(# .*\nCREATE TABLE\n/m,
    );

    await terminal.type("insert into jars values ('bell', 12);\n");
    await expect(terminal).toShow('INSERT 0 1');
    await terminal.waitForPrompt();
    await terminal.press('Ctrl+L', 'Up', 'Enter');
    await expect(terminal).toShow(/^postgres=# insert into jars values \('bell', 12\);\nINSERT 0 1\n/);
    await terminal.type('select sum(litres) from jar;\n');
    await expect(terminal).toShow('ERROR:  relation "jar" does not exist');
    await terminal.waitForPrompt();
    await terminal.press('Up', 'Left', 's', 'Enter');
    await expect(terminal).toShow(/ sum\n-----\n {2}24\n\(1 row\)/);
    await terminal.waitForPrompt();
    await terminal.type('\\q\n');

    expect(await terminal.waitForExit()).toBe(0);
  });

  it('has the data after a restart, for every reader', async () => {
    await box.run('psql', ['-c', "create table kept as select 'sealed' as state"], { user: 'postgres' });

    await box.$`pg_ctlcluster ${version} main restart`;
    await box.waitForCommand('pg_isready');

    const read = box.run('psql', ['-At', '-c', 'select state from kept'], { user: 'postgres' });
    await expect(read).toPrint(/^sealed$/);
    await expect(box).toHaveFile(`/var/lib/postgresql/${version}/main/PG_VERSION`, {
      owner: 'postgres',
      mode: 0o600,
    });
  });
});
