#!/usr/bin/env node
import { runCli } from './cli';
import { processOutput } from './output';

// exitCode rather than exit(): exit() would cut off output that is still on its way into a pipe.
void runCli(process.argv.slice(2), processOutput()).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
