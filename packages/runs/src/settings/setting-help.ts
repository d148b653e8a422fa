import { z } from 'zod';

/** A setting, described for help texts and forms. */
export interface SettingHelp {
  readonly group: 'Data' | 'Model' | 'Training' | 'Optimizer' | 'Schedule';
  /** The value's placeholder, such as `n` or `mlp|cnn|wavenet`; a switch has none. */
  readonly value?: string;
  /** The default in words, where it isn't one value. */
  readonly initial?: string;
  /** Whether the switch is on by default. */
  readonly isOn?: boolean;
  /** Whether it is left out of the help, because there is nothing to choose. */
  readonly isHidden?: boolean;
  /** One line. */
  readonly help: string;
}

/** What each setting of the schema says of itself. */
export const helps = z.registry<SettingHelp>();
