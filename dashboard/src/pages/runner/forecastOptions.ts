import type uPlot from 'uplot';
import { sayCount } from '../../format/amount.ts';
import { sayExactly } from '../../format/time.ts';
import type { ForecastAnswer } from './forecastSeries.ts';

const HEIGHT = 240;
const DASH = [5, 4];

interface Colours {
  readonly text: string;
  readonly grid: string;
  readonly source: string;
  readonly backlog: string;
  readonly purge: string;
  readonly cap: string;
}

/** How the picture is drawn; colours are the theme's at this moment. `answer` is asked at each drawing. */
export function forecastOptions(element: HTMLElement, answer: () => ForecastAnswer): uPlot.Options {
  const colours = coloursOf(element);
  return {
    width: widthOf(element),
    height: HEIGHT,
    scales: { x: { time: true }, y: { range: (_, __, highest) => [0, Math.max(10, highest * 1.2)] } },
    axes: [
      axis(colours, { values: (_, times) => times.map(sayTick) }),
      axis(colours, { size: 54, values: (_, ticks) => ticks.map(sayCount) }),
    ],
    series: [
      { value: (_, time: number | null) => (time === null ? '' : sayMoment(time)) },
      line('Cap', colours.cap, { dash: [2, 3] }),
      line('On the source', colours.source, { width: 2 }),
      line('Expected', colours.source, { dash: DASH, width: 2 }),
      line('Backlog', colours.backlog, { fill: `${colours.backlog}33`, width: 2 }),
      line('Left until the purge', colours.purge, { dash: DASH, width: 2 }),
    ],
    legend: {
      markers: { dash: ({ series }, index) => (series[index]?.dash === undefined ? 'solid' : 'dashed') },
    },
    cursor: { drag: { x: false, y: false } },
    hooks: { draw: [(plot) => drawMoments(plot, answer(), colours)] },
  };
}

/** The clock, and at midnight the day that begins. */
function sayTick(time: number): string {
  const [day = '', clock = ''] = sayMoment(time).split(' ');
  return clock === '00:00' ? day.slice(5) : clock;
}

function sayMoment(time: number): string {
  return sayExactly(time * 1000).slice(0, 16);
}

export function widthOf(element: HTMLElement): number {
  return Math.max(220, element.clientWidth);
}

function line(label: string, stroke: string, more: Partial<uPlot.Series>): uPlot.Series {
  return {
    label,
    stroke,
    width: 1.5,
    points: { show: false },
    value: (_, count: number | null) => (count === null ? '' : sayCount(Math.round(count))),
    ...more,
  };
}

function axis(colours: Colours, more: Partial<uPlot.Axis>): uPlot.Axis {
  const grid = { stroke: colours.grid, width: 1 };
  return { stroke: colours.text, grid, ticks: { ...grid, size: 4 }, font: '12px system-ui', ...more };
}

/** Upright lines at now and at the purge, with their names. */
function drawMoments(plot: uPlot, answer: ForecastAnswer, colours: Colours): void {
  drawMoment(plot, { at: answer.now, name: 'now', colour: colours.text, row: 0 });
  const { purgeAt } = answer.forecast;
  if (purgeAt !== null) drawMoment(plot, { at: purgeAt, name: 'purge', colour: colours.purge, row: 1 });
}

interface Moment {
  readonly at: string;
  readonly name: string;
  readonly colour: string;
  /** Names stand below each other: the two moments may be close. */
  readonly row: number;
}

function drawMoment(plot: uPlot, { at, name, colour, row }: Moment): void {
  const x = Math.round(plot.valToPos(Date.parse(at) / 1000, 'x', true));
  const { left, top, width, height } = plot.bbox;
  if (Number.isNaN(x) || x < left || x > left + width) return;
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + height);
  ctx.stroke();
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  ctx.font = `${12 * ratio}px system-ui`;
  ctx.fillText(name, x - 5 * ratio, top + (1 + row * 14) * ratio);
  ctx.restore();
}

function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--chart-text'),
    grid: read('--chart-grid'),
    source: read('--chart-source'),
    backlog: read('--chart-backlog'),
    purge: read('--chart-purge'),
    cap: read('--chart-cap'),
  };
}
