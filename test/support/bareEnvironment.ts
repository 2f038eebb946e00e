const kept = ['PATH', 'NODE_COMPILE_CACHE'] as const;

/**
 * For a program that is to have no environment but what it is given: where programs are found, and where Node keeps what it
 * compiled, or each start compiles everything anew.
 */
export function bareEnvironment(): Record<string, string> {
  return Object.fromEntries(
    kept.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
}
