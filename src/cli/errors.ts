/** The process was asked to do what it has no option or command for. */
export class UsageError extends Error {}
