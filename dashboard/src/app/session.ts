import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use } from 'react';
import { ProblemError } from '../../../shared/client/index.ts';
import { type Me, session } from '../../../shared/contract/access.ts';
import type { Role } from '../../../shared/contract/fields.ts';
import { useServices } from './services.ts';

/** Who looks at the page; `ended` says that somebody was signed in here and no longer is. */
export interface SessionState {
  readonly me: Me | null;
  readonly ended: boolean;
}

const SESSION_KEY = ['session'];
const RECHECK_MS = 60_000;

export function useSessionQuery() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useQuery<SessionState>({
    queryKey: SESSION_KEY,
    refetchInterval: (query) => (query.state.data === undefined ? 5000 : RECHECK_MS),
    queryFn: async ({ signal }): Promise<SessionState> => {
      try {
        return { me: await client.call(session, { signal }), ended: false };
      } catch (error) {
        if (isSignedOut(error)) return endedState(queries);
        throw error;
      }
    },
  });
}

/** True for the answer that says: sign in first. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'not-signed-in';
}

/** Somebody else ended the session, or its time ran out: the sign-in takes the page's place, at the same URL. */
export function endSession(queries: QueryClient): void {
  queries.setQueryData<SessionState>(SESSION_KEY, endedState(queries));
}

/** Enters or leaves by this page's own doing; what the previous person saw is forgotten. */
export function setSession(queries: QueryClient, me: Me | null): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
  queries.setQueryData<SessionState>(SESSION_KEY, { me, ended: false });
}

function endedState(queries: QueryClient): SessionState {
  const before = queries.getQueryData<SessionState>(SESSION_KEY);
  return { me: null, ended: before !== undefined && (before.me !== null || before.ended) };
}

export const MeContext = createContext<Me | undefined>(undefined);

export function useMe(): Me {
  const me = use(MeContext);
  if (me === undefined) throw new Error('useMe: nobody is signed in; wanted: below the session gate');
  return me;
}

const ranks: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** Roles include the lower ones. The server decides; this only spares people a button that would refuse. */
export function useMay(role: Role): boolean {
  return ranks[useMe().role] >= ranks[role];
}
