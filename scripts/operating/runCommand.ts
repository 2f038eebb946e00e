/**
 * The shell of a command that does what it was asked, or says in one line why not: `work` gives the exit code, what it throws is 2.
 * For those that act by themselves; what goes through the API has `program.ts`.
 */
export async function runCommand(name: string, work: () => Promise<number>): Promise<void> {
  process.exitCode = await work().catch((error: unknown) => {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  });
}
