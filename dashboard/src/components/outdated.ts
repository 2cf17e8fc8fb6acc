import { createContext } from 'react';

/** Whether rows are those of the filters before, which stand until the new ones have been read: nothing is done to them. */
export const Outdated = createContext(false);
