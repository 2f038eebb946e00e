/** What Azure SQL allows a service objective: concurrent workers, and sizes. Limits of Azure, read in November 2026. */
export interface SqlTier {
  readonly tier: 'Standard' | 'Premium' | 'GeneralPurpose';
  readonly workers: number;
  readonly maxSizeGb: number;
}

const standard = (workers: number, maxSizeGb: number): SqlTier => ({ tier: 'Standard', workers, maxSizeGb });
const premium = (workers: number): SqlTier => ({ tier: 'Premium', workers, maxSizeGb: 1024 });
const general = (workers: number): SqlTier => ({ tier: 'GeneralPurpose', workers, maxSizeGb: 1024 });

export const sqlTiers = {
  S0: standard(60, 250),
  S1: standard(90, 250),
  S2: standard(120, 250),
  S3: standard(200, 1024),
  S4: standard(400, 1024),
  S6: standard(800, 1024),
  S7: standard(1600, 1024),
  S9: standard(3200, 1024),
  P1: premium(200),
  P2: premium(400),
  P4: premium(800),
  GP_Gen5_2: general(200),
  GP_Gen5_4: general(400),
} as const satisfies Readonly<Record<string, SqlTier>>;

export type SqlSku = keyof typeof sqlTiers;

/** Databases bought by DTU come in these sizes alone; those bought by vCore in any whole number. */
const dtuSizesGb: readonly number[] = [
  1, 2, 5, 10, 20, 30, 40, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1024,
];

/** What is wrong with a size, or undefined. */
export function sqlSizeFault(sku: SqlSku, sizeGb: number): string | undefined {
  const { tier, maxSizeGb } = sqlTiers[sku];
  if (sizeGb > maxSizeGb)
    return `${sku} holds ${maxSizeGb} GB at most, and ${sizeGb} were asked for; wanted: a smaller size, or a higher tier (S3 and up hold 1024)`;
  if (tier !== 'GeneralPurpose' && !dtuSizesGb.includes(sizeGb))
    return `${sku} has no size of ${sizeGb} GB; wanted: ${dtuSizesGb.filter((size) => size <= maxSizeGb).join(', ')}`;
  return undefined;
}
