import type { Field } from './field.ts';

/** A way to break the platform; resolves when it is over, or struck. */
export interface Fault {
  readonly name: string;
  readonly strike: (field: Field) => Promise<void>;
}
