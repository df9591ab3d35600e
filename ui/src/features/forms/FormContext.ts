// What every part of a form's page needs to know: its screens, what is wrong with it, and whether it may be changed.
import { createContext, useContext } from 'react';

import type { Form } from './queries';

interface Known {
  screens: Form['screens'];
  /** Sentences by path, as the API names them. */
  errors: Record<string, string>;
  isReadOnly: boolean;
}

export const FormContext = createContext<Known>({ screens: [], errors: {}, isReadOnly: true });

export function useForm(): Known {
  return useContext(FormContext);
}
