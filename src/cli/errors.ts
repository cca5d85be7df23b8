/** The program was called with an option, argument or command that it does not have. */
export class UsageError extends Error {}
