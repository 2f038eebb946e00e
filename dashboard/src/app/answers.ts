import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { CallInput } from '../../../shared/client/index.ts';
import type { Endpoint, ResponseOf } from '../../../shared/contract/endpoint.ts';
import { useServices } from './services.ts';

/** How often what a page shows is asked for again. */
export const LIVE_MS = 3000;

export interface AnswerOptions {
  /** Ask again after so many ms; false: only when told to. */
  readonly everyMs?: number | false;
  /** While another search is asked for, go on showing the previous rows. */
  readonly keepRows?: boolean;
  readonly enabled?: boolean;
}

/** What an endpoint answers, kept fresh; on a failed refresh the last answer stays. */
export function useAnswer<E extends Endpoint>(
  endpoint: E,
  input: Omit<CallInput<E>, 'signal'>,
  options: AnswerOptions = {},
): UseQueryResult<ResponseOf<E>> {
  const { client } = useServices();
  return useQuery({
    queryKey: [endpoint.name, input],
    queryFn: ({ signal }) => client.call(endpoint, { ...input, signal } as CallInput<E>),
    refetchInterval: options.everyMs ?? LIVE_MS,
    enabled: options.enabled ?? true,
    ...(options.keepRows === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A call that changes something; afterwards whatever is on the page is asked for again. */
export function useAction<E extends Endpoint>(
  endpoint: E,
): UseMutationResult<ResponseOf<E>, Error, CallInput<E>> {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: CallInput<E>) => client.call(endpoint, input),
    // Not waited for: what asked may be gone with the next answer, and its own callbacks with it.
    onSettled: () => {
      void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    },
  });
}
