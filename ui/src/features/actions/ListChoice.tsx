// A value picked out of a list: is it the first item that is meant, the last, this very one, or the whole list?
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { isKeyProblem, readKey, writeKey, type Segment } from '../responses/keys';

interface Props {
  value: string;
  onChange: (key: string, isWhole: boolean) => void;
}

export function ListChoice({ value, onChange }: Props) {
  const { t } = useTranslation('actions');
  const found = listOf(value);
  if (!found) return null;
  const { segments, at } = found;
  const position = segments[at] as number;
  const choices = [
    { name: 'first', isOn: position === 0, take: () => onChange(writeKey(segments.with(at, 0)), false) },
    { name: 'last', isOn: position === -1, take: () => onChange(writeKey(segments.with(at, -1)), false) },
    { name: 'whole', isOn: false, take: () => onChange(writeKey(segments.slice(0, at)), true) },
  ];
  const words =
    position >= 0
      ? t('listChoice.takes', { position: position + 1 })
      : t('listChoice.takesFromEnd', { position: -position });
  return (
    <Group gap="xs" mt="sm">
      <Text size="xs" c="dimmed">
        {words}
      </Text>
      {choices.map(({ name, isOn, take }) => (
        <Button key={name} size="compact-xs" variant={isOn ? 'light' : 'default'} aria-pressed={isOn} onClick={take}>
          {t(`listChoice.${name}`)}
        </Button>
      ))}
    </Group>
  );
}

/** The last list on the way of a key, as the index of its position. */
function listOf(key: string): { segments: Segment[]; at: number } | null {
  const read = readKey(key);
  if (isKeyProblem(read) || read.source !== 'json') return null;
  const at = read.segments.findLastIndex((segment) => typeof segment === 'number');
  return at === -1 ? null : { segments: read.segments, at };
}
