import type { ErrorTag } from '../../../shared/domain/errorTags.ts';
import type { EntityKey } from '../../observatory/index.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import type { Activity } from '../../workflows/index.ts';

/** What may be the matter with one entity only: a code that is refused, a page that the register itself fails at. */
const ABOUT_ONE: readonly ErrorTag[] = ['ValidationError', 'InternalServerError'];

/**
 * Asks for entities one after another; undefined where there is no answer. One that cannot be read must not stop those after it for ever:
 * it is passed over and said in the log, unless it is one of several of which none was answered: then it is the register that does not work.
 */
export async function askEach<Answer>(
  keys: readonly EntityKey[],
  { log }: Activity,
  ask: (key: EntityKey) => Promise<Answer | null>,
): Promise<(Answer | undefined)[]> {
  const failures: ApiError[] = [];
  const answers: (Answer | undefined)[] = [];
  for (const key of keys) {
    try {
      const answer = await ask(key);
      if (answer === null) log.warn('the register has nothing on it', { ...key });
      answers.push(answer ?? undefined);
    } catch (error) {
      if (!(error instanceof ApiError) || !ABOUT_ONE.includes(error.tag)) throw error;
      log.warn('what the register has on it cannot be read', { ...key, error });
      failures.push(error);
      answers.push(undefined);
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length > 1 && failures.length === keys.length) throw first;
  return answers;
}
