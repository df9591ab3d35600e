// A list as a table with a name, which scrolls by itself where it is wider than the page.
import { Paper, Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: string;
  minWidth: number;
  /** What stands above each column; numbers and times stand at the right. */
  heads: (string | { right: string })[];
  /** The head of the buttons at the end of each row; nobody sees it. */
  buttons?: string;
  verticalSpacing?: 'xs';
  /** Whether the row under the pointer is marked, because it leads somewhere. */
  isMarked?: boolean;
  /** Its rows. */
  children: ReactNode;
}

export function ListTable({ label, minWidth, heads, buttons, verticalSpacing, isMarked = false, children }: Props) {
  return (
    <Paper>
      <Table.ScrollContainer minWidth={minWidth}>
        <Table aria-label={label} verticalSpacing={verticalSpacing} highlightOnHover={isMarked}>
          <Table.Thead>
            <Table.Tr>
              {heads.map((head) =>
                typeof head === 'string' ? (
                  <Table.Th key={head}>{head}</Table.Th>
                ) : (
                  <Table.Th key={head.right} ta="right" style={{ whiteSpace: 'nowrap' }}>
                    {head.right}
                  </Table.Th>
                ),
              )}
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
