// A list as a table with a name, which scrolls by itself where it is wider than the page.
import { Paper, Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  minWidth: number;
  heads: string[];
  /** The head of the buttons at the end of each row; nobody sees it. */
  buttons?: string;
  verticalSpacing?: 'xs';
  /** Its rows. */
  children: ReactNode;
}

export function ListTable({ label, minWidth, heads, buttons, verticalSpacing, children }: Props) {
  return (
    <Paper>
      <Table.ScrollContainer minWidth={minWidth}>
        <Table aria-label={label} verticalSpacing={verticalSpacing}>
          <Table.Thead>
            <Table.Tr>
              {heads.map((head) => (
                <Table.Th key={head}>{head}</Table.Th>
              ))}
              {buttons ? (
                <Table.Th>
                  <span className="sr-only">{buttons}</span>
                </Table.Th>
              ) : null}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
