// A person's number below their name, where both are known.
import { Text } from '@mantine/core';

interface Props {
  person: { name?: string | null; phone?: string | null };
}

export function NumberBelow({ person: { name, phone } }: Props) {
  return name && phone ? (
    <Text size="xs" c="dimmed" className="tabular">
      {phone}
    </Text>
  ) : null;
}
