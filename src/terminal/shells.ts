const shellName = /^(?:.*\/)?(?:ba|da|a|z|k|fi|c|tc)?sh$/;

/**
 * Returns the shells to try, in this order. The image's command, which `docker run -it` runs, is first if it is a
 * shell.
 *
 * @param command the image's command
 */
export function shellsOf(command: readonly string[]): (readonly string[])[] {
  const [program = ''] = command;
  const usual = [['bash'], ['sh']];
  return shellName.test(program) ? [command, ...usual] : usual;
}
