import type { BodyOf, Endpoint, ParamsOf, QueryOf, ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { Services } from '../services.ts';
import type { Identity } from './identity.ts';

/** A request after the edge has authenticated, authorized and validated it. */
export interface EndpointRequest<E extends Endpoint> {
  readonly params: ParamsOf<E>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  readonly caller: Identity;
  /** From `X-Correlation-Id`, else minted; on every log line and problem document. */
  readonly correlationId: string;
  /** The client's address as far as it can be trusted. */
  readonly address: string;
  readonly headers: Headers;
}

/** An answer with more than a body; most work returns the body alone. */
export interface EndpointAnswer<E extends Endpoint> {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly SessionCookie[];
  readonly body: ResponseOf<E>;
}

export interface SessionCookie {
  readonly name: string;
  readonly value: string;
  readonly expires: Date;
}

export type EndpointWork<E extends Endpoint> = (
  request: EndpointRequest<E>,
  services: Services,
) => Promise<EndpointAnswer<E>>;

/** An endpoint of the contract with the work behind it; `functions/app.ts` registers a list of these. */
export interface EndpointHandler {
  readonly endpoint: Endpoint;
  readonly work: EndpointWork<Endpoint>;
  /** The answer when the services themselves cannot be made (a setting is wrong); without it, the problem document. */
  readonly withoutServices?: () => EndpointAnswer<Endpoint>;
}

/** Binds work to its endpoint, with the types that the contract gives. */
export function handle<E extends Endpoint>(endpoint: E, work: EndpointWork<E>): EndpointHandler {
  return { endpoint, work };
}
