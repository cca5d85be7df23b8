/** The names of the options that were given, without those that are undefined. */
export function givenNames(options: object): string[] {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}
