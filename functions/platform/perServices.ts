import type { Services } from './services.ts';

/** A thing that is made once for each set of services and goes when they go: a cache, a limiter. */
export function perServices<T>(make: (services: Services) => T): (services: Services) => T {
  const made = new WeakMap<Services, { readonly thing: T }>();
  return (services) => {
    const present = made.get(services);
    if (present !== undefined) return present.thing;
    const thing = make(services);
    made.set(services, { thing });
    return thing;
  };
}
