// The status of a response with what it means in words.
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

function colourOf(status: number): string {
  if (status < 200) return 'gray';
  if (status < 300) return 'jade';
  return status < 400 ? 'yellow' : 'red';
}

export function StatusBadge({ status, size = 'md' }: { status: number; size?: 'md' | 'lg' }) {
  const { t } = useTranslation('responses');
  const hundreds = Math.floor(status / 100);
  const words = t(`status.${status}`, { defaultValue: t(`status.${hundreds}xx`, { defaultValue: '' }) });
  return (
    <Badge color={colourOf(status)} size={size}>
      <span className="tabular">{status}</span> {words}
    </Badge>
  );
}
