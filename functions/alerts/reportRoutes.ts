import {
  everywhere,
  matches,
  type Route,
  type Routed,
  type RoutedChannel,
  routesBy,
  type Rule,
} from './routing.ts';

/** What is told though no alert is open; a rule that names one of its sources says who hears of it. */
interface Told {
  readonly severity: 'info' | 'warning';
  readonly sources: readonly string[];
}

/** Who gets a report: by e-mail alone. */
export function reportRoutes(
  report: Told,
  rules: readonly Rule[],
  channels: readonly RoutedChannel[],
): readonly Route[] {
  return namedRoutes(
    report,
    rules,
    channels.filter(({ kind }) => kind === 'email'),
  );
}

/**
 * The routes of the first rule that names one of the sources and matches. As soon as a rule names one, only rules decide; until then
 * every channel hears of it that has somebody to tell.
 */
export function namedRoutes(
  { severity, sources }: Told,
  rules: readonly Rule[],
  channels: readonly RoutedChannel[],
): readonly Route[] {
  const able = new Map(channels.map((channel) => [channel.id, channel]));
  const asked = sources.map((source) => routed(severity, source));
  const naming = rules.filter(({ enabled, match }) => enabled && names(match.sources, sources));
  if (naming.length === 0) return everywhere(able);
  for (const rule of naming) {
    const matching = asked.find((one) => matches(rule, one));
    if (matching !== undefined) return routesBy(rule, matching, able, false);
  }
  return [];
}

function names(sources: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return sources?.some((source) => wanted.includes(source)) === true;
}

function routed(severity: Routed['severity'], source: string): Routed {
  return { severity, class: 'operational', source, fingerprint: '', runnerId: null, groupId: null };
}
