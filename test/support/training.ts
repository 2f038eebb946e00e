import type { ThirdParties } from '../../local/third-parties/server.ts';
import {
  type TrainingComponent,
  type TrainingOrganisation,
  trainingComponent,
  trainingOrganisation,
} from '../../local/third-parties/trainingPages.ts';

/** The simulated training.gov.au, in the hands of a test. */
export interface TrainingRegister {
  component(index: number): TrainingComponent;
  organisation(index: number): TrainingOrganisation;
  /** Takes what it holds out of the register, and gives it. */
  remove(index: number): TrainingComponent;
  /** Holds what it held at first. */
  restore(): void;
  /** Requests below a path, path and query. */
  asked(path: string): string[];
}

export function trainingRegister({ parties, seen }: ThirdParties): TrainingRegister {
  const { components, organisations } = parties.training;
  const sizes = [components.length, organisations.length] as const;
  const at = <Row>(rows: readonly Row[], index: number): Row => {
    const found = rows[index];
    if (found === undefined) throw new Error(`the register has nothing at ${String(index)}`);
    return found;
  };
  const filled = <Row>(size: number, make: (number: number) => Row): Row[] =>
    Array.from({ length: size }, (_, index) => make(index + 1));
  return {
    component: (index) => at(components, index),
    organisation: (index) => at(organisations, index),
    remove: (index) => at(components.splice(index, 1), 0),
    restore: () => {
      components.splice(0, components.length, ...filled(sizes[0], trainingComponent));
      organisations.splice(0, organisations.length, ...filled(sizes[1], trainingOrganisation));
    },
    asked: (path) => seen.map(({ target }) => target).filter((target) => target.startsWith(`/api${path}`)),
  };
}
