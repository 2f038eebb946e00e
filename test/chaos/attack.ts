/** One of the programs behind `npm run chaos`. */
export interface Attack<Options> {
  readonly usage: string;
  /** Throws, with what was wanted, for a command line that it does not know. */
  read(argv: readonly string[]): Options;
  /** Says what it does, ends with a table and one line; true when all is as it must be. */
  perform(options: Options, say: (line: string) => void): Promise<boolean>;
}

/** Exit code 0: all is as it must be; 1: it is not; 2: it could not be run. */
export async function run<Options>(attack: Attack<Options>, argv: readonly string[]): Promise<0 | 1 | 2> {
  const warn = (line: string) => process.stderr.write(`${line}\n`);
  let options: Options;
  try {
    options = attack.read(argv);
  } catch (error) {
    warn(`${error instanceof Error ? error.message : String(error)}\n\n${attack.usage}`);
    return 2;
  }
  try {
    return (await attack.perform(options, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    warn(`the campaign could not be run: ${why}`);
    return 2;
  }
}
