import { GenericContainer, type StartedTestContainer } from 'testcontainers';

/** A container as a suite on plain testcontainers starts it. */
export function plainStart(image: string, labels: Record<string, string>): Promise<StartedTestContainer> {
  return new GenericContainer(image)
    .withEntrypoint([])
    .withCommand(['sleep', 'infinity'])
    .withLabels(labels)
    .start();
}

/** @throws Error if the command failed: a failed command has no speed */
export async function plainRun(container: StartedTestContainer, command: string[]): Promise<string> {
  const { stdout, exitCode } = await container.exec(command);
  if (exitCode !== 0) throw new Error(`exec of ${command.join(' ')} ended with exit code ${exitCode}`);
  return stdout;
}
