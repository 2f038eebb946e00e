import { expect, it } from 'vitest';
import { sqlSizeFault, type SqlSku, sqlTiers } from '../configuration/sqlTiers.ts';
import { sqlLimits } from './sqlLimits.ts';

const skus = Object.keys(sqlTiers) as SqlSku[];

it.each(skus)('D4 what the configuration takes of %s, the policies take too', (sku) => {
  const limits = sqlLimits[sku];
  expect(limits?.workers).toBe(sqlTiers[sku].workers);
  const taken = Array.from({ length: 1100 }, (_, size) => size + 1).filter(
    (sizeGb) => sqlSizeFault(sku, sizeGb) === undefined,
  );
  expect(taken.filter((sizeGb) => limits?.sizesGb.includes(sizeGb) !== true)).toEqual([]);
});
