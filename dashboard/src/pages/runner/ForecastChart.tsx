import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useServices } from '../../app/services.ts';
import { useStore } from '../../app/store.ts';
import { forecastOptions, widthOf } from './forecastOptions.ts';
import type { ForecastAnswer, ForecastSeries } from './forecastSeries.ts';

export interface ForecastChartProps {
  readonly answer: ForecastAnswer;
  readonly series: ForecastSeries;
}

/** Files on the source, its cap, the backlog, and what is left until the purge: 48 h back and what is expected. */
export function ForecastChart({ answer, series }: ForecastChartProps) {
  const { shown } = useStore(useServices().theme);
  return (
    <figure className="forecast-chart">
      {/* The colours are read when the picture is made: another theme is another picture. */}
      <Plot key={shown} answer={answer} series={series} />
    </figure>
  );
}

function Plot({ answer, series }: ForecastChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef(answer);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new uPlot(
      forecastOptions(element, () => latest.current),
      [[]],
      element,
    );
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: widthOf(element), height: made.height }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    latest.current = answer;
    plot.current?.setData([
      series.times,
      series.cap,
      series.source,
      series.expected,
      series.backlog,
      series.untilPurge,
    ]);
  }, [answer, series]);
  return (
    <div ref={place} role="img" aria-label={`Files on the source over time. ${answer.forecast.sentence}`} />
  );
}
