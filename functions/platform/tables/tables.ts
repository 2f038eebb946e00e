/** A row of a table: its two keys and what it says. Texts of 32,000 characters at most, a row of 1 MiB (Azure's limits). */
export interface TableRow {
  readonly partitionKey: string;
  /** Rows of a partition are kept and read in the order of this. */
  readonly rowKey: string;
  readonly [property: string]: string | number | boolean;
}

export interface RowQuery {
  readonly table: string;
  readonly partitionKey: string;
  /** Row keys from this one on. */
  readonly from?: string | undefined;
  /** Row keys before this one. */
  readonly before?: string | undefined;
  /** Properties that must have one of these values; an empty list is no condition. */
  readonly equal?: Readonly<Record<string, readonly string[]>>;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Where an earlier page of the same query ended. */
  readonly continuation?: string | undefined;
}

export interface RowPage {
  readonly rows: readonly TableRow[];
  /** Undefined: there are no more. A page may be empty and still have one, where few rows fit the conditions. */
  readonly continuation: string | undefined;
}

/**
 * What is written often, read seldom and may be lost: logs and histories. They stand in tables of their own, so that no
 * flood of them fills the database. All methods reject with `TablesError`.
 */
export interface Tables {
  /** Writes rows, replacing those with the same keys; makes the table when it is absent. May be repeated after a failure. */
  upsert(table: string, rows: readonly TableRow[]): Promise<void>;
  /** One page of one partition. A table that is not there has no rows. */
  rows(query: RowQuery): Promise<RowPage>;
  /** Names of the tables that begin so, sorted. */
  names(prefix: string): Promise<string[]>;
  /** Removes a table with all its rows. One that is not there is no failure. */
  drop(table: string): Promise<void>;
}

/** `unavailable`: no answer, throttled or refused; it may be better later. `permanent`: repeating changes nothing. */
export type TablesErrorKind = 'unavailable' | 'permanent';

/** A failed call to the table storage, classified; its message holds no credential. */
export class TablesError extends Error {
  override readonly name = 'TablesError';
  readonly kind: TablesErrorKind;

  constructor(kind: TablesErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
