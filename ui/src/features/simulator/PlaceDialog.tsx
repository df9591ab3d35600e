// Asks for the place that is sent.
import { Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog, DialogForm } from '../../components/Dialog';
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
    <Dialog isOpen={isOpen} onClose={onClose} title={t('place.title')}>
      <PlaceForm onClose={onClose} onSend={onSend} />
    </Dialog>
  );
}

function PlaceForm({ onClose, onSend }: Omit<Props, 'isOpen'>) {
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
    <DialogForm onSubmit={submit} onCancel={onClose} submitLabel={t('place.send')}>
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
    </DialogForm>
  );
}
