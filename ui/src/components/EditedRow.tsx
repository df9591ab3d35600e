// A row of a list that is being edited: a group of inputs with a name of its own.
import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  /** Stays the same while the row is edited and moved. */
  id: string;
  /** What the row is, for who does not see where it stands. */
  legend: string;
  isReadOnly: boolean;
  children: ReactNode;
}

export function EditedRow({ id, legend, isReadOnly, children }: Props) {
  return (
    <Paper component="li" p="md" data-row={id} style={{ listStyle: 'none' }}>
      <fieldset style={{ all: 'unset', display: 'block', width: '100%' }} disabled={isReadOnly}>
        <legend className="sr-only">{legend}</legend>
        {children}
      </fieldset>
    </Paper>
  );
}
