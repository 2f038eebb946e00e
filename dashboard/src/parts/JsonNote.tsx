import { factText } from '../format/factText.ts';
import { sayName } from '../format/ids.ts';
import { JsonBlock } from './JsonBlock.tsx';
import { type Fact, Facts } from './Facts.tsx';

/** A result of unknown form: plain numbers and texts as facts, anything deeper as it is. */
export function JsonNote({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <p className="quiet">Nothing was recorded.</p>;
  const facts = plainFacts(value);
  if (facts !== undefined) return <Facts facts={facts} className="facts-row" />;
  return <JsonBlock value={value} label="JSON" />;
}

function plainFacts(value: unknown): Fact[] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const facts: Fact[] = [];
  for (const [name, entry] of Object.entries(value)) {
    const text = factText(name, entry);
    if (text === undefined) return undefined;
    facts.push([sayName(name), text]);
  }
  return facts.length === 0 ? undefined : facts;
}
