import { useRef } from 'react';
import { showUnseen } from '../format/logText.ts';
import { CopyButton } from './Copyable.tsx';

/** A value as readable JSON, foreign characters written out, ready to be copied as it is. */
export function JsonBlock({ value, label }: { value: unknown; label: string }) {
  const shown = useRef<HTMLPreElement>(null);
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <div className="json-block">
      <pre ref={shown} className="json" role="region" aria-label={label} tabIndex={0}>
        {showUnseen(text)}
      </pre>
      <CopyButton text={() => text} label={label.toLowerCase()} iconOnly shown={() => shown.current} />
    </div>
  );
}
