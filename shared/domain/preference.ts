/** The header by which a caller says that the least that answers its question is enough (RFC 7240). */
export const minimalAnswer = { prefer: 'return=minimal' } as const;

/** Whether a `Prefer` header, which may name several preferences, asks for a minimal answer. */
export function prefersMinimal(prefer: string | null): boolean {
  const preferences = (prefer ?? '').split(/[,;]/).map((one) => one.replaceAll(/[\s"]/g, '').toLowerCase());
  return preferences.includes(minimalAnswer.prefer);
}
