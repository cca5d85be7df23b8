#!/usr/bin/env node
import { runCli } from './cli';
import { processOutput } from './output';

// exitCode rather than exit(): what is still being printed to a pipe is printed whole.
void runCli(process.argv.slice(2), processOutput()).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
