const shellName = /^(?:.*\/)?(?:ba|da|a|z|k|fi|c|tc)?sh$/;

/**
 * The shells to try, in this order. `docker run -it` runs the image's command: where that is a shell, it is the first.
 *
 * @param command the image's command
 */
export function shellsOf(command: readonly string[]): (readonly string[])[] {
  const [program = ''] = command;
  const usual = [['bash'], ['sh']];
  return shellName.test(program) ? [command, ...usual] : usual;
}
