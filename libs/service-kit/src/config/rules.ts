/** The variables of a process that are set, as text. */
export type Given = Readonly<Record<string, string | undefined>>;

/** What is wrong with a setting beside the others. */
export interface Fault {
  /** Whose line is to be added or changed. */
  name: string;
  /** What is wrong, beginning with the name, and the line that mends it; never a value. */
  message: string;
}

/** Finds what contradicts each other, or is missing because of something else. Asked whatever else is wrong. */
export type Rule = (given: Given) => Fault[];

/** The sentence for a setting that is missing. */
export function missing(name: string, why: string, line: string): Fault {
  return { name, message: `${name} is not set, ${why}: add the line ${name}=${line}` };
}
