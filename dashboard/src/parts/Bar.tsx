import { percentOf } from '../format/amount.ts';

interface BarProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly tone?: 'calm' | 'warn' | 'bad';
  /** What the two numbers mean, for those who hear it. */
  readonly text: string;
}

/** A level between nothing and `max`. */
export function Bar({ label, value, max, tone = 'calm', text }: BarProps) {
  return (
    <div
      className={`bar bar-${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(max, 1)}
      aria-valuenow={Math.min(value, Math.max(max, 1))}
      aria-valuetext={text}
    >
      <svg width="100%" height="6" preserveAspectRatio="none" viewBox="0 0 100 6" aria-hidden="true">
        <rect width={percentOf(value, max)} height="6" />
      </svg>
    </div>
  );
}
