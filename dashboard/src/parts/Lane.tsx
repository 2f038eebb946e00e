import { placeOf, type Span } from '../format/spans.ts';

/** A bar from a step's start to its end on the time of the whole run. Only a picture: the words stand beside it. */
export function Lane({ of, within, tone }: { of: Span; within: Span; tone: string }) {
  const { x, width } = placeOf(of, within);
  return (
    <svg
      className={`lane lane-${tone}`}
      width="100%"
      height="8"
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect className="lane-track" width="100" height="8" />
      <rect className="lane-bar" x={x} width={width} height="8" />
    </svg>
  );
}
