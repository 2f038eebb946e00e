/** Takes secrets out of a text that is about to be logged or shown: SAS signatures and bearer keys. */
export function redact(text: string): string {
  return text
    .replace(/(\bsig=)[^&\s"'<>\\]+/gi, '$1REDACTED')
    .replace(/\bdsa_[A-Za-z0-9_-]{20,}/g, 'REDACTED-KEY')
    .replace(/(\bBearer\s+)[A-Za-z0-9._~+/=-]+/gi, '$1REDACTED');
}
