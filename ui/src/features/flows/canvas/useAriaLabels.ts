// The canvas's own words, in the reader's language.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export function useAriaLabels() {
  const { t } = useTranslation('flows');
  return useMemo(
    () => ({
      'node.a11yDescription.default': t('canvas.keys'),
      'node.a11yDescription.keyboardDisabled': t('canvas.keys'),
      'node.a11yDescription.ariaLiveMessage': () => t('canvas.moved'),
      'edge.a11yDescription.default': t('canvas.way'),
      'controls.ariaLabel': t('canvas.controls'),
      'controls.zoomIn.ariaLabel': t('canvas.zoomIn'),
      'controls.zoomOut.ariaLabel': t('canvas.zoomOut'),
      'controls.fitView.ariaLabel': t('canvas.fit'),
      'controls.interactive.ariaLabel': t('canvas.lock'),
      'minimap.ariaLabel': t('canvas.minimap'),
      'handle.ariaLabel': t('canvas.handle'),
    }),
    [t],
  );
}
