import { countText } from '../../shared/domain/age.ts';
import { terminalText } from '../../shared/domain/escaping/terminalText.ts';
import type { Screen } from './screen.ts';
import { spanBetween } from './spans.ts';
import type { RunView } from './waiting.ts';

/** One line on a terminal that says how a run gets on; nothing where no terminal is. */
export interface Progress {
  show(view: RunView): void;
  stop(): void;
}

export async function openProgress({ showsProgress, progress: stream }: Screen): Promise<Progress> {
  if (!showsProgress) return { show: () => undefined, stop: () => undefined };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream,
    format: '{bar} {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  bar.start(1, 0, { text: 'waiting for the run' });
  return {
    show: (view) => {
      const { done, total } = countSteps(view);
      // A run that has not said how many steps it will take is never shown as done.
      bar.setTotal(Math.max(total, done + (view.run.endedAt === null ? 1 : 0), 1));
      bar.update(done, { text: progressText(view) });
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

function countSteps({ steps }: RunView): { readonly done: number; readonly total: number } {
  const work = steps.filter(({ kind }) => kind === 'work');
  const isOpen = (status: string): boolean =>
    status === 'pending' || status === 'running' || status === 'error';
  return { done: work.filter(({ status }) => !isOpen(status)).length, total: work.length };
}

/** `3 steps · 1,200 read, 1,180 written · sweep_statuses · 12 s`. */
export function progressText(view: RunView): string {
  const { run, steps, now } = view;
  const { done } = countSteps(view);
  const going = steps.find(({ status }) => status === 'running' || status === 'error');
  const reads = run.recordsIn === null ? [] : [`${run.recordsIn.toLocaleString('en-US')} read`];
  const writes = run.recordsOut === null ? [] : [`${run.recordsOut.toLocaleString('en-US')} written`];
  const parts = [
    run.status === 'running' ? '' : run.status,
    countText(done, 'step'),
    [...reads, ...writes].join(', '),
    going === undefined
      ? ''
      : terminalText(going.step) + (going.status === 'error' ? ' (waits to try again)' : ''),
    spanBetween(run.startedAt, run.endedAt, now) ?? '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
