/** Runs a function with environment variables set, or unset, and puts them back. */
export async function withEnvironment<Value>(
  variables: Record<string, string | undefined>,
  run: () => Promise<Value>,
): Promise<Value> {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  setAll(variables);
  try {
    return await run();
  } finally {
    setAll(before);
  }
}

function setAll(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
