import { createContext } from 'react';

/** Why nothing can be sent to the gateway now, as a sentence; undefined: it can. Whoever draws the pages says it. */
export const Unsendable = createContext<string | undefined>(undefined);
