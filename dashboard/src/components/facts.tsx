import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from './page.tsx';

/** What is known of something, a line each; lines without a value are left out. */
export function Facts({ title, facts }: { title: string; facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <Panel title={title}>
      <Table withRowBorders={false} verticalSpacing={5} mb="xs">
        <Table.Tbody>
          {facts.map(([name, value]) =>
            value === null || value === undefined ? null : (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400} c="dimmed" w={130} style={{ verticalAlign: 'top' }}>
                  {name}
                </Table.Th>
                <Table.Td className="foreign">{value}</Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
