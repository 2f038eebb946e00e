/** Currencies whose smallest unit is not a hundredth (ISO 4217). */
const digits: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
};

function digitsOf(currency: string): number {
  return digits[currency.toUpperCase()] ?? 2;
}

/** An amount in whole smallest units, `12.34 AUD` = 1234, so that sums compare without rounding. */
export function smallestUnits(amount: number, currency: string): number {
  return Math.round(amount * 10 ** digitsOf(currency));
}

/** `1234` smallest units of AUD for people: `12.34 AUD`. */
export function moneyText(units: number, currency: string): string {
  const places = digitsOf(currency);
  return `${(units / 10 ** places).toFixed(places)} ${currency.toUpperCase()}`;
}
