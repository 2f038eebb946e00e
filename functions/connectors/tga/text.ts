import { z } from 'zod';

/** A text that may be null or left out. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
