import type { Mark, Shape } from '../format/marks.ts';

const outlines: Record<Shape, { readonly body: string; readonly sign: string }> = {
  good: { body: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z', sign: 'm4.8 8.2 2.2 2.2 4.2-4.6' },
  warn: { body: 'M8 1.2 15.4 14.6H.6Z', sign: 'M8 6v4m0 2.1v.2' },
  bad: {
    body: 'M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2Z',
    sign: 'm5.5 5.5 5 5m0-5-5 5',
  },
  busy: { body: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z', sign: 'M8 4.2v4l2.8 1.6' },
  paused: {
    body: 'M4 1h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3Z',
    sign: 'M6 5v6m4-6v6',
  },
  idle: { body: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z', sign: 'M5 8h6' },
};

/** Only the shape, for places where the word stands beside it anyway. */
export function ShapeIcon({ shape, size = 16 }: { shape: Shape; size?: number }) {
  const outline = outlines[shape];
  return (
    <svg className={`shape shape-${shape}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path className="shape-body" d={outline.body} />
      <path className="shape-sign" d={outline.sign} />
    </svg>
  );
}

/** A state as a shape and a word: readable without colour. */
export function StatusMark({ mark, detail }: { mark: Mark; detail?: string | null }) {
  return (
    <span className="status-mark" title={detail ?? undefined}>
      <ShapeIcon shape={mark.shape} />
      <span>{mark.word}</span>
    </span>
  );
}
