import { CommandError, useContainer } from '../../src';
import { NotStarted } from '../../src/command/errors';
import { problemOf, refusedStart } from '../../src/command/exec/start-problem';
import { rejectionOf } from '../../tooling/spec-helpers/rejection';

const request = { argv: ['tool'], cwd: '/work', user: 'somebody' };
const runc = 'OCI runtime exec failed: exec failed: unable to start container process: ';
const notFound = 'OCI runtime attempted to invoke a command that was not found';

describe('What an engine says of a command that it does not start', () => {
  it.each([
    [`${runc}exec: "tool": executable file not found in $PATH: unknown`, 'PROGRAM_NOT_FOUND'],
    [`${runc}exec: "/tool": stat /tool: no such file or directory: unknown`, 'PROGRAM_NOT_FOUND'],
    [
      `crun: executable file \`tool\` not found in $PATH: No such file or directory: ${notFound}`,
      'PROGRAM_NOT_FOUND',
    ],
    ['OCI runtime exec failed: executable file `/no such` not found: unknown', 'PROGRAM_NOT_FOUND'],
    [`${runc}exec: "/usr": permission denied: unknown`, 'PROGRAM_NOT_EXECUTABLE'],
    ['crun: open executable: Permission denied: OCI permission denied', 'PROGRAM_NOT_EXECUTABLE'],
    ['crun: open executable: Operation not permitted: OCI permission denied', 'PROGRAM_NOT_EXECUTABLE'],
    [
      `${runc}chdir to cwd ("/work") set in config.json failed: no such file or directory`,
      'DIRECTORY_NOT_FOUND',
    ],
    [`crun: chdir \`/work\`: No such file or directory: ${notFound}`, 'DIRECTORY_NOT_FOUND'],
    ['OCI runtime error: crun: chdir `/work`: Not a directory', 'DIRECTORY_NOT_FOUND'],
    ['crun: chdir `/work`: Permission denied: OCI permission denied', 'DIRECTORY_NOT_FOUND'],
    ['unable to find user somebody: no matching entries in passwd file', 'USER_NOT_FOUND'],
    ['unable to find group others: no matching entries in group file', 'USER_NOT_FOUND'],
    ['something that no one has seen', 'COMMAND_NOT_STARTED'],
  ])('has its code: %s', (message, code) => {
    expect(problemOf(message, request)).toMatchObject({ code });
  });

  it.each([400, 500])('is a refusal too if its API answers with %s', (statusCode) => {
    const answer = (message: string) => Object.assign(new Error(message), { statusCode });
    const user = answer('(HTTP code 400) unable to find user somebody: no matching entries in passwd file');
    const other = answer('out of space');

    expect(refusedStart(user, request)).toBeInstanceOf(NotStarted);
    expect(refusedStart(user, request)).toMatchObject({ problem: { code: 'USER_NOT_FOUND' } });
    expect(refusedStart(other, request)).toBe(other);
  });
});

describe('A name that is not a program', () => {
  const box = useContainer({ scope: 'file' });

  it.each([
    [
      'echo hi',
      "A whole command line is not a program: use run('echo', […]) for a program with its arguments",
    ],
    ['cd', 'It is a command of a shell: use sh`…`, or the options cwd and env.'],
  ])('says what was meant: %s', async (file, hint) => {
    const [byShell, byExec] = await Promise.all([
      rejectionOf(box.run(file), CommandError),
      rejectionOf(box.spawn(file), CommandError),
    ]);

    expect(byShell).toMatchObject({
      code: 'PROGRAM_NOT_FOUND',
      message: expect.stringContaining(hint) as string,
    });
    expect(byExec.message).toContain(hint);
  });
});
