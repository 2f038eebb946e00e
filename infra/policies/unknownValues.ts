/** In a preview stands, in the place of what is known only once it is made, one of these: a constant for each type, part of Pulumi's wire format. */
const unknownValues: ReadonlySet<unknown> = new Set([
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
]);

/**
 * A copy without what is not known yet. To read such a value is an error of the policy library, which then leaves out
 * the whole policy: a rule about many values or resources would judge none of them because of one.
 */
export function knownPart(value: unknown): unknown {
  if (unknownValues.has(value)) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  // By descriptor: the library watches reads of properties.
  const own = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
    ([, { enumerable }]) => enumerable,
  );
  const known = own.map(([key, descriptor]) => [key, knownPart(descriptor.value)] as const);
  return Array.isArray(value)
    ? known.map(([, item]) => item).filter((item) => item !== undefined)
    : Object.fromEntries(known);
}
