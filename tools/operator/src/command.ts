import type { Session } from './session.ts';

/** What was given on the command line: text by flag name. */
export type Flags = Readonly<Partial<Record<string, string>>>;

/** One operator command. */
export interface Command {
  /** Its flags, for the usage text. */
  synopsis: string;
  /** Names of the flags that take a value, beside those of every command. */
  flags: readonly string[];
  /** Names of the flags that take none. */
  switches?: readonly string[];
  /**
   * @throws UsageError for a value that makes no sense, before anything is asked
   * @throws ServiceError for a refusal
   */
  run(flags: Flags, session: Session): Promise<void>;
}
