import { partsOf } from '../format/instants.ts';
import { sayExactly } from '../format/time.ts';

/** A sentence of the server's whose instants are shown on this machine's clock, both clocks on hover. */
export function TimedText({ text }: { text: string }) {
  return partsOf(text).map((part, index) => {
    if ('text' in part) return part.text;
    const exactly = sayExactly(Date.parse(part.instant));
    return (
      <time key={`${String(index)} ${part.instant}`} dateTime={part.instant} title={exactly}>
        {exactly.slice(0, 16)}
      </time>
    );
  });
}
