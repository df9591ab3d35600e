// Adds a row to a list of a panel, where the flow may be changed.
import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';

import { useBuilder } from '../BuilderContext';

export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  const { isReadOnly } = useBuilder();
  if (isReadOnly) return null;
  return (
    <Button variant="light" size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  );
}
