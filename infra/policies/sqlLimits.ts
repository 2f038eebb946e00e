/** What Azure SQL allows one database of a service objective. */
export interface SqlLimits {
  /** Requests at a time; each busy connection is one. */
  readonly workers: number;
  readonly sizesGb: readonly number[];
}

/** The DTU model has no sizes between these (Microsoft Learn, “ALTER DATABASE (Azure SQL Database)”, MAXSIZE; 0.1 and 0.5 are 100 and 500 MB). */
const dtuSizesGb = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1024];
const upTo = (most: number): readonly number[] => dtuSizesGb.filter((size) => size <= most);
/** P11 and P15 go on to 4 TB, 256 GB a step. */
const largeGb = [...dtuSizesGb, ...Array.from({ length: 12 }, (_, step) => 1024 + 256 * (step + 1))];
/** The vCore model has any whole size. */
const everyGb = (most: number): readonly number[] => Array.from({ length: most }, (_, step) => step + 1);

/**
 * Workers and largest sizes: Microsoft Learn, “Resource limits for single databases using the DTU purchasing model” and
 * “… using the vCore purchasing model”, read in November 2026. Kept apart from what the program takes for its own
 * checks: a judge does not take the other side's word.
 */
export const sqlLimits: Readonly<Record<string, SqlLimits>> = {
  Basic: { workers: 30, sizesGb: upTo(2) },
  S0: { workers: 60, sizesGb: upTo(250) },
  S1: { workers: 90, sizesGb: upTo(250) },
  S2: { workers: 120, sizesGb: upTo(250) },
  S3: { workers: 200, sizesGb: dtuSizesGb },
  S4: { workers: 400, sizesGb: dtuSizesGb },
  S6: { workers: 800, sizesGb: dtuSizesGb },
  S7: { workers: 1600, sizesGb: dtuSizesGb },
  S9: { workers: 3200, sizesGb: dtuSizesGb },
  S12: { workers: 6000, sizesGb: dtuSizesGb },
  P1: { workers: 200, sizesGb: dtuSizesGb },
  P2: { workers: 400, sizesGb: dtuSizesGb },
  P4: { workers: 800, sizesGb: dtuSizesGb },
  P6: { workers: 1600, sizesGb: dtuSizesGb },
  P11: { workers: 2800, sizesGb: largeGb },
  P15: { workers: 6400, sizesGb: largeGb },
  GP_Gen5_2: { workers: 200, sizesGb: everyGb(1024) },
  GP_Gen5_4: { workers: 400, sizesGb: everyGb(1024) },
};
