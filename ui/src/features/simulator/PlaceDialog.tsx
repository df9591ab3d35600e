// Asks for the place that is sent.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { degrees } from './files';
import type { Place } from './types';

interface Props {
  isOpen: boolean;
  onClose: () => void;
  onSend: (place: Place, line: string) => void;
}

export function PlaceDialog({ isOpen, onClose, onSend }: Props) {
  const { t } = useTranslation('simulator');
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('place.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Form onClose={onClose} onSend={onSend} />
    </Modal>
  );
}

function Form({ onClose, onSend }: Omit<Props, 'isOpen'>) {
  const { t } = useTranslation('simulator');
  const [latitude, setLatitude] = useState('');
  const [longitude, setLongitude] = useState('');
  const [name, setName] = useState('');
  const [isTried, setTried] = useState(false);
  const [north, east] = [degrees(latitude, 90), degrees(longitude, 180)];

  function submit() {
    setTried(true);
    if (north === null || east === null) return;
    const place = { latitude: north, longitude: east, ...(name.trim() ? { name: name.trim() } : {}) };
    onSend(place, name.trim());
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm">
        <Group gap="sm" grow align="flex-start">
          <TextInput
            data-autofocus
            label={t('place.latitude')}
            placeholder="4.60971"
            inputMode="decimal"
            value={latitude}
            onChange={(event) => setLatitude(event.currentTarget.value)}
            error={isTried && north === null ? t('place.latitudeWrong') : null}
          />
          <TextInput
            label={t('place.longitude')}
            placeholder="-74.08175"
            inputMode="decimal"
            value={longitude}
            onChange={(event) => setLongitude(event.currentTarget.value)}
            error={isTried && east === null ? t('place.longitudeWrong') : null}
          />
        </Group>
        <TextInput
          label={t('place.name')}
          description={t('common:optional')}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit">{t('place.send')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
