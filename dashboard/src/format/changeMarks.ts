import { sayName } from './ids.ts';
import type { Mark } from './marks.ts';

/** Kinds of changes (`shared/domain/registerChanges`) with their words and shapes. */
const marks: Readonly<Record<string, Mark>> = {
  appeared: { shape: 'good', word: 'Appeared' },
  disappeared: { shape: 'bad', word: 'Disappeared' },
  reappeared: { shape: 'good', word: 'Came back' },
  status_changed: { shape: 'warn', word: 'Status changed' },
  superseded: { shape: 'warn', word: 'Superseded' },
  supersession_withdrawn: { shape: 'idle', word: 'Supersession withdrawn' },
  new_release: { shape: 'busy', word: 'New release' },
  title_changed: { shape: 'idle', word: 'Title changed' },
  attribute_changed: { shape: 'idle', word: 'Detail changed' },
};

export const knownChanges: readonly string[] = Object.keys(marks);

/** A kind that is new here is said in its own words. */
export function changeMark(eventType: string): Mark {
  return marks[eventType] ?? { shape: 'idle', word: sayName(eventType) };
}
