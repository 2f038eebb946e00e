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

type Pace = number | false;

export interface AnswerOptions<Data> {
  /** Ask again after so many ms; false: only when told to. May depend on what was answered last. */
  readonly everyMs?: Pace | ((last: Data | undefined) => Pace);
  /** While another search is asked for, go on showing the previous rows. */
  readonly keepRows?: boolean;
  readonly enabled?: boolean;
}

/** What an endpoint answers, kept fresh; on a failed refresh the last answer stays. */
export function useAnswer<E extends Endpoint>(
  endpoint: E,
  input: Omit<CallInput<E>, 'signal'>,
  options: AnswerOptions<ResponseOf<E>> = {},
): UseQueryResult<ResponseOf<E>> {
  const { client } = useServices();
  const { everyMs = LIVE_MS } = options;
  return useQuery<ResponseOf<E>>({
    queryKey: [endpoint.name, input],
    queryFn: ({ signal }) => client.call(endpoint, { ...input, signal } as CallInput<E>),
    refetchInterval: (query) => (typeof everyMs === 'function' ? everyMs(query.state.data) : everyMs),
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
