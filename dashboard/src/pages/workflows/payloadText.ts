export type ReadPayload =
  | { readonly payload: Readonly<Record<string, unknown>> }
  /** What is wrong with the text, for people. */
  | { readonly fault: string };

/** The payload that somebody wrote: an object in JSON. Nothing at all is an empty one. */
export function readPayload(text: string): ReadPayload {
  if (text.trim() === '') return { payload: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { fault: 'A payload is an object: { "name": value }' };
  return { payload: value as Readonly<Record<string, unknown>> };
}
