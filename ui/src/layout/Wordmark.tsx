// The name with its mark.
import { Group, Text } from '@mantine/core';

export function Wordmark() {
  return (
    <Group gap={10} wrap="nowrap">
      <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="9" fill="#0b6b57" />
        <path
          d="M9 9.500h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6.500l-4.700 3.800c-.5.400-1.300.1-1.300-.6v-3.200H9a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z"
          fill="#fff"
        />
        <path
          d="M11.500 15.500h7.500m-3-3.200 3.300 3.200-3.300 3.200"
          fill="none"
          stroke="#0b6b57"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <Text fw={700} size="lg" lts="-0.02em">
        Recado
      </Text>
    </Group>
  );
}
