import type { Role } from '../../../shared/contract/fields.ts';

/** Who calls, as the edge found out. `public` where nothing was shown or nothing was needed. */
export type Identity =
  | { readonly kind: 'public' }
  | {
      readonly kind: 'agent';
      readonly runnerId: string;
      readonly organizationId: string;
      readonly generation: number;
    }
  | {
      readonly kind: 'person';
      readonly userId: string;
      readonly organizationId: string;
      readonly email: string;
      readonly role: Role;
      readonly by: 'session' | 'token';
    }
  | { readonly kind: 'ci' }
  | { readonly kind: 'workflow' };
