import { sayAmount } from '../format/amount.ts';

interface SparklineProps {
  /** Oldest first. */
  readonly hours: readonly number[];
  readonly label: string;
  readonly height?: number;
}

/** One bar an hour; an hour without files leaves a dot, so that a gap is seen. */
export function Sparkline({ hours, label, height = 36 }: SparklineProps) {
  const total = hours.reduce((sum, count) => sum + count, 0);
  const peak = Math.max(1, ...hours);
  const text = `${label}: ${sayAmount(total, 'file')} in ${hours.length} hours, at most ${peak} an hour`;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${hours.length * 10} ${height}`}
      height={height}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      {hours.map((count, hour) => {
        const size = count === 0 ? 1.5 : Math.max(2.5, (count / peak) * (height - 2));
        const key = `${String(hour)}h`;
        return (
          <rect
            key={key}
            className={count === 0 ? 'none' : ''}
            x={hour * 10 + 1}
            y={height - size}
            width={8}
            height={size}
          >
            <title>{`${hoursAgo(hours.length - hour)}: ${sayAmount(count, 'file')}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function hoursAgo(count: number): string {
  return count === 1 ? 'this hour' : `${count - 1} h ago`;
}
