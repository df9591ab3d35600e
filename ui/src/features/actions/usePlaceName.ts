// The places of a request in words: "the endpoint", "the header X-Code".
import { useTranslation } from 'react-i18next';

import type { Place } from './inputReferences';

export function usePlaceName(): (place: Place) => string {
  const { t } = useTranslation('actions');
  return ({ kind, name }) => t(`places.${kind}`, { name });
}
