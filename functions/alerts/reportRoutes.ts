import {
  everywhere,
  matches,
  type Route,
  type Routed,
  type RoutedChannel,
  routesBy,
  type Rule,
} from './routing.ts';

/**
 * Who gets a report, by e-mail: the routes of the first rule that names one of its sources and matches. As soon as a rule
 * names one, only rules decide; until then it goes to every e-mail channel that has recipients of its own.
 */
export function reportRoutes(
  report: { readonly severity: 'info' | 'warning'; readonly sources: readonly string[] },
  rules: readonly Rule[],
  channels: readonly RoutedChannel[],
): readonly Route[] {
  const mail = new Map(
    channels.filter(({ kind }) => kind === 'email').map((channel) => [channel.id, channel]),
  );
  const asked = report.sources.map((source) => routed(report.severity, source));
  const naming = rules.filter(({ enabled, match }) => enabled && names(match.sources, report.sources));
  if (naming.length === 0) return everywhere(mail);
  for (const rule of naming) {
    const matching = asked.find((one) => matches(rule, one));
    if (matching !== undefined) return routesBy(rule, matching, mail, false);
  }
  return [];
}

function names(sources: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return sources?.some((source) => wanted.includes(source)) === true;
}

function routed(severity: Routed['severity'], source: string): Routed {
  return { severity, class: 'operational', source, fingerprint: '', runnerId: null, groupId: null };
}
