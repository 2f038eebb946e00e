const secrets: readonly [RegExp, string][] = [
  // Signatures of SAS, also where the address stands encoded within another.
  [/((?:\b|(?<=%(?:26|3F)))sig(?:=|%3D)\\?["']?)[^&\s"'<>\\]+/gi, '$1REDACTED'],
  [/\bdsa_[A-Za-z0-9_-]{20,}/g, 'REDACTED-KEY'],
  [/(\bBearer\s+)[A-Za-z0-9._~+/=-]+/gi, '$1REDACTED'],
  [/(\b(?:AccountKey|SharedAccessSignature|Password|Pwd)=)[^;\s"'\\]+/gi, '$1REDACTED'],
  [/(\bSharedKey(?:Lite)?\s+[^:\s"]+:)[A-Za-z0-9+/=]+/g, '$1REDACTED'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^:/?#\s"\\]*:)[^@/?#\s"\\]+(?=@)/gi, '$1REDACTED'],
];

/**
 * Takes secrets out of a text that is about to be logged or shown: SAS signatures, agent and account keys, bearer
 * tokens, passwords in addresses.
 */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of secrets) clean = clean.replace(pattern, replacement);
  return clean;
}
