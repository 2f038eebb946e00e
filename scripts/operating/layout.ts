export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** What lines are made for. */
export interface Layout {
  /** Characters a line; `Infinity` where no terminal shows it. */
  readonly width: number;
  readonly paint: (style: Style, text: string) => string;
}
