import type { Command } from 'commander';
import type { Client } from '../../shared/client/index.ts';
import type { ExitName } from './exitCodes.ts';
import type { Screen } from './screen.ts';

/** What a command works with. */
export interface Operator {
  readonly client: Client;
  readonly screen: Screen;
  readonly stdin: NodeJS.ReadableStream;
}

/** Does a command's work with the options that all commands share. */
export type Act = (command: Command, work: (operator: Operator) => Promise<ExitName>) => Promise<void>;

/** A command or a group of commands: hangs itself below its parent. */
export type Add = (parent: Command, act: Act) => void;
