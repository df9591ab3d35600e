// One input: what people call it, what the request calls it, its type, and whether it must be given.
import { Alert, Button, Checkbox, Select, Text, TextInput } from '@mantine/core';
import { Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import type { Input, Request } from '../../api/schema';
import { EditedRow } from '../../components/EditedRow';
import { isIdentifier } from '../../components/identifier';
import { IdentifierInput } from '../../components/IdentifierInput';
import { RowButtons } from '../../components/RowButtons';
import { WithCode } from '../../components/WithCode';
import classes from './actions.module.css';
import { keyInput, liveSlip, nameInput, type InputRow as Row } from './draft';
import { placesOf } from './inputReferences';
import { usePlaceName } from './usePlaceName';

export const TYPES = ['string', 'integer', 'number', 'boolean', 'datetime'] as const satisfies Input['type'][];

interface Props {
  row: Row;
  index: number;
  rows: Row[];
  request: Request | null;
  errors: Record<string, string>;
  isReadOnly: boolean;
  onChange: (row: Row) => void;
  /** Change the references of the request. */
  onRename: (from: string, to: string) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export function InputRow({
  row,
  index,
  rows,
  request,
  errors,
  isReadOnly,
  onChange,
  onRename,
  onMove,
  onRemove,
}: Props) {
  const { t } = useTranslation('actions');
  const called = row.name.trim() || row.key || t('inputs.unnamed', { number: index + 1 });
  const others = rows.filter(({ id }) => id !== row.id).map(({ key }) => key);
  const slip = liveSlip(row.key, others);
  return (
    <EditedRow id={row.id} legend={t('inputs.one', { number: index + 1, name: called })} isReadOnly={isReadOnly}>
      <div className={classes.inputRow}>
        <TextInput
          data-place="name"
          label={t('inputs.name')}
          placeholder={t('inputs.namePlaceholder')}
          value={row.name}
          onChange={(event) => onChange(nameInput(row, event.currentTarget.value))}
          error={errors[`inputs[${index}].name`]}
          maxLength={200}
          required
          autoComplete="off"
        />
        <IdentifierInput
          label={t('inputs.key')}
          placeholder="account_id"
          value={row.key}
          onChange={(key) => onChange(keyInput(row, key))}
          error={slip ? t(`slips.${slip}`) : errors[`inputs[${index}].key`]}
          required
        />
        <Select
          label={t('inputs.type')}
          data={TYPES.map((type) => ({ value: type, label: t(`common:types.${type}`) }))}
          value={row.type}
          onChange={(type) => onChange({ ...row, type: TYPES.find((each) => each === type) ?? row.type })}
          error={errors[`inputs[${index}].type`]}
          withScrollArea={false}
          styles={{ dropdown: { maxHeight: 260, overflowY: 'auto' } }}
        />
        <Checkbox
          mt={{ base: 0, md: 33 }}
          label={t('common:required')}
          checked={row.required}
          onChange={(event) => onChange({ ...row, required: event.currentTarget.checked })}
        />
        {isReadOnly ? null : (
          <RowButtons
            mt={{ base: 0, md: 28 }}
            name={called}
            index={index}
            count={rows.length}
            onMove={onMove}
            onRemove={onRemove}
          />
        )}
      </div>
      {isReadOnly || others.includes(row.knownAs) ? null : (
        <Renamed row={row} request={request} isFree={!slip} onRename={onRename} />
      )}
    </EditedRow>
  );
}

/** Says that the request still has the old key, and changes it there. */
function Renamed({
  row,
  request,
  isFree,
  onRename,
}: Pick<Props, 'row' | 'request' | 'onRename'> & { isFree: boolean }) {
  const { t } = useTranslation('actions');
  const placeName = usePlaceName();
  if (row.knownAs === row.key) return null;
  const places = placesOf(request, row.knownAs);
  if (places.length === 0) return null;
  return (
    <Alert mt="sm" color="yellow" icon={<Link2 size={18} aria-hidden />} role="status">
      <Text size="sm">
        <WithCode text={t('inputs.renamed', { key: row.knownAs, places: places.map(placeName).join(', ') })} />
      </Text>
      <Button
        mt="xs"
        size="xs"
        variant="default"
        disabled={!isFree || !isIdentifier(row.key)}
        onClick={() => onRename(row.knownAs, row.key)}
      >
        {t('inputs.updateReferences', { key: row.key || '…' })}
      </Button>
    </Alert>
  );
}
