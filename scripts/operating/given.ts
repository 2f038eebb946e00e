type Given<Options> = { [Key in keyof Options]: Exclude<Options[Key], undefined> };

/** The options that were given: an endpoint's query has no room for the others. */
export function given<Options extends object>(options: Options): Partial<Given<Options>> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<
    Given<Options>
  >;
}
