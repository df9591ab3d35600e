// The values of a template: of its header, its body and its buttons, each where it comes from.
import { useTranslation } from 'react-i18next';

import type { Shape, Slot } from '../templates/template';
import type { Slip } from './begin';
import type { Source } from './people';
import { SourceInput } from './SourceInput';

interface Props {
  shape: Shape;
  /** By the keys of slots. */
  values: Record<string, Source>;
  onChange: (values: Record<string, Source>) => void;
  slips: Record<string, Slip>;
  /** What the columns of the table are called; none where there is no table. */
  columns: string[];
  isReadOnly?: boolean;
}

export function SlotInputs({ shape, values, onChange, slips, columns, isReadOnly }: Props) {
  const { t } = useTranslation(['batches', 'templates']);
  return shape.slots.map(({ key, kind, name, before }) => (
    <SourceInput
      key={key}
      label={kind === 'body' ? t('begin.parameter', { name }) : t(`templates:slots.${kind}`, { name })}
      description={before ? t('templates:follows', { before }) : isFile(kind) ? t('templates:fetched') : undefined}
      value={values[key]}
      onChange={(source) => onChange({ ...values, [key]: source })}
      columns={columns}
      error={slips[key] ? t(`templates:slips.${slips[key]}`) : undefined}
      isReadOnly={isReadOnly}
    />
  ));
}

function isFile(kind: Slot['kind']): boolean {
  return kind === 'image' || kind === 'video' || kind === 'document';
}
