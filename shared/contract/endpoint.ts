import type { z } from 'zod';
import type { ProblemCode } from './problems.ts';

/**
 * Who may call an endpoint. Roles of people include the lower ones (`admin` ⊃ `operator` ⊃ `viewer`).
 * `ci` is the holder of the CI secret, `workflow` of the workflow key, `agent` of an approved agent key.
 */
export type Caller = 'public' | 'agent' | 'viewer' | 'operator' | 'admin' | 'ci' | 'workflow';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * One endpoint of the API, declared once: registration, validation, authorization, the typed client and the
 * OpenAPI page are derived from it. Its name is also the function's name in Azure: letters, digits and dashes.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly name: string;
  readonly summary: string;
  readonly method: Method;
  /** Absolute path with `{parameters}`, beginning `/api/`. */
  readonly path: `/api/${string}`;
  readonly callers: readonly [Caller, ...Caller[]];
  readonly params: Params;
  readonly query: Query;
  /** `z.undefined()` where no body is taken. */
  readonly body: Body;
  /**
   * For bodies of thousands of parts, over which a schema is slow: true only for one that `body` would take and give back as it
   * is, and that holds no NUL. At false the schema decides, and says what is wrong.
   */
  readonly isSurelyBody?: (sent: unknown) => boolean;
  readonly response: Response;
  /** Status of success: 200 unless said otherwise. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Problems beyond those that any endpoint may answer with (see `problems.ts`). */
  readonly errors?: readonly ProblemCode[];
  /** Whose budget of requests a call without credentials is taken from: of anonymous callers, unless agents make it. */
  readonly budget?: 'agents';
  /** Largest body in bytes; 64 KiB unless said otherwise. */
  readonly maxBodyBytes?: number;
}

export const DEFAULT_MAX_BODY_BYTES = 64 * 1024;

/** Keeps the literal types of a declaration. */
export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declaration: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> {
  return declaration;
}

export type ParamsOf<E extends Endpoint> = z.infer<E['params']>;
export type QueryOf<E extends Endpoint> = z.infer<E['query']>;
export type BodyOf<E extends Endpoint> = z.infer<E['body']>;
export type ResponseOf<E extends Endpoint> = z.infer<E['response']>;
