// All rows as lines of one text, to paste or to write many at once.
import { List } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Row } from '../../api/schema';
import { TemplateField, type ReferenceOption } from '../../components/TemplateField';
import { errorsBelow, type FieldErrors } from './errors';
import { rowsFromText, rowsToText, type RowKind } from './rows';

interface Props {
  kind: RowKind;
  title: string;
  rows: Row[];
  onChange: (rows: Row[]) => void;
  references: ReferenceOption[];
  errors: FieldErrors;
  path: string;
}

export function BulkRows({ kind, title, rows, onChange, references, errors, path }: Props) {
  const { t } = useTranslation('requests');
  const [text, setText] = useState(() => rowsToText(rows, kind));
  const [said, setSaid] = useState(rows);
  if (rows !== said) {
    // changed elsewhere, by an import
    setSaid(rows);
    setText(rowsToText(rows, kind));
  }
  const wrong = errorsBelow(errors, path);
  return (
    <>
      <TemplateField
        label={t('rows.allAsText', { title })}
        isLabelHidden
        description={t(kind === 'headers' ? 'rows.headerLines' : 'rows.pairLines')}
        value={text}
        onChange={(next) => {
          const made = rowsFromText(next, kind, rows);
          setText(next);
          setSaid(made);
          onChange(made);
        }}
        references={references}
        isMultiline
      />
      {wrong.length > 0 ? (
        <List size="xs" mt={5} c="var(--mantine-color-error)">
          {wrong.map((text_) => (
            <List.Item key={text_}>{text_}</List.Item>
          ))}
        </List>
      ) : null}
    </>
  );
}
