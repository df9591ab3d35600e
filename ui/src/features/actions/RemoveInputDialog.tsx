// Asks what becomes of the request when an input goes that it refers to.
import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Request } from '../../api/schema';
import { Dialog } from '../../components/Dialog';
import { WithCode } from '../../components/WithCode';
import { placesOf } from './inputReferences';
import { usePlaceName } from './usePlaceName';

interface Props {
  name: string;
  /** What the request calls it. */
  referred: string;
  request: Request | null;
  onClose: () => void;
  onRemove: (hasReferences: boolean) => void;
}

export function RemoveInputDialog({ name, referred, request, onClose, onRemove }: Props) {
  const { t } = useTranslation('actions');
  const placeName = usePlaceName();
  const close = (hasReferences: boolean) => {
    onRemove(hasReferences);
    onClose();
  };
  return (
    <Dialog size="lg" onClose={onClose} title={t('removeInput.title', { name })}>
      <Stack gap="md">
        <Text size="sm">
          <WithCode text={t('removeInput.text', { key: referred })} />
        </Text>
        <List size="sm">
          {placesOf(request, referred).map((place) => (
            <List.Item key={`${place.kind} ${place.name}`} className="breaks">
              {placeName(place)}
            </List.Item>
          ))}
        </List>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common:cancel')}
          </Button>
          <Button variant="default" onClick={() => close(false)}>
            {t('removeInput.only')}
          </Button>
          <Button color="red.8" onClick={() => close(true)}>
            {t('removeInput.both')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
